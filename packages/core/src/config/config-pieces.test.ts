import { describe, expect, it } from "vitest";
import { ConfigJoiner, splitConfig } from "./config-pieces.ts";

const subnets = (count: number) =>
  Array.from({ length: count }, (_, id) => ({ id, reservations: [{ hostname: `h${id}` }] }));

describe("a configuration in pieces", () => {
  it.each([0, 1, 50, 51, 100, 1234])("with %i subnets is the same when put together again", (count) => {
    const config = {
      "valid-lifetime": 7200,
      loggers: [{ name: "kea-dhcp4" }],
      subnet4: subnets(count),
      reservations: subnets(60),
    };
    const joiner = new ConfigJoiner<typeof config>();
    for (const piece of splitConfig(config)) joiner.add(structuredClone(piece));
    expect(joiner.config).toEqual(config);
  });

  it("has no piece with more than fifty entries of a list", () => {
    const lengths = [...splitConfig({ subnet4: subnets(1234) })].map((piece) =>
      piece.kind === "entries" ? piece.entries.length : 0,
    );
    expect(Math.max(...lengths)).toBe(50);
  });
});
