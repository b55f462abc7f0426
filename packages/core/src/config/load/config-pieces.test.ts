import { describe, expect, it } from "vitest";
import { ConfigJoiner, splitConfig } from "./config-pieces.ts";

const reservations = (count: number) => Array.from({ length: count }, (_, id) => ({ hostname: `h${id}` }));
const subnets = (count: number, hosts = 1) =>
  Array.from({ length: count }, (_, id) => ({ id, interface: undefined, reservations: reservations(hosts) }));

describe("a configuration in pieces", () => {
  it.each([0, 1, 50, 51, 100, 1234])("with %i subnets is the same when put together again", (count) => {
    const config = {
      "valid-lifetime": 7200,
      loggers: [{ name: "kea-dhcp4" }],
      subnet4: subnets(count),
      "shared-networks": [
        { name: "a", subnet4: subnets(count) },
        { name: "b", subnet4: subnets(2, count) },
      ],
      reservations: reservations(60),
    };
    const joiner = new ConfigJoiner<typeof config>();
    for (const piece of splitConfig(config)) joiner.add(structuredClone(piece));
    expect(joiner.config).toStrictEqual(config);
  });

  it.each([
    ["many subnets", { subnet4: subnets(1234) }],
    ["many reservations in each", { subnet4: subnets(60, 45) }],
    ["many reservations in one", { subnet4: subnets(1, 1234) }],
    ["one large network", { "shared-networks": [{ subnet4: subnets(1234) }] }],
  ])("has none that is large: %s", (_, config) => {
    const sizes = [...splitConfig(config)].map((piece) => JSON.stringify(piece).length);
    expect(Math.max(...sizes)).toBeLessThan(10_000);
    expect(sizes.length).toBeLessThan(100);
  });
});
