import { describe, expect, test } from "vitest";
import { z } from "zod";
import { DhcpDdnsFile } from "./dhcp-ddns.ts";
import { Dhcp4File } from "./dhcp4/dhcp4.ts";
import { Dhcp6File } from "./dhcp6/dhcp6.ts";

type Json = { [key: string]: unknown; properties?: Record<string, Json>; items?: Json; additionalProperties?: unknown };

/** Every key of the schema with the path to it. */
function* keysOf(schema: Json, path = ""): Generator<[path: string, key: Json]> {
  for (const [name, key] of Object.entries(schema.properties ?? {})) {
    yield [`${path}${name}`, key];
    yield* keysOf(key, `${path}${name}.`);
  }
  if (schema.items !== undefined) yield* keysOf(schema.items, path);
}

const keys4 = new Map(keysOf(z.toJSONSchema(Dhcp4File, { io: "input" }) as Json));
const keys6 = new Map(keysOf(z.toJSONSchema(Dhcp6File, { io: "input" }) as Json));
const keysDdns = new Map(keysOf(z.toJSONSchema(DhcpDdnsFile, { io: "input" }) as Json));

describe.each([
  ["Dhcp4", keys4, 500],
  ["Dhcp6", keys6, 500],
  ["DhcpDdns", keysDdns, 80],
] as const)("the JSON Schema of %s", (_, keys, count) => {
  test("says of every key what it is", () => {
    const silent = [...keys].filter(([, key]) => typeof key["description"] !== "string").map(([path]) => path);
    expect(silent).toEqual([]);
    expect(keys.size).toBeGreaterThan(count);
  });

  test("takes unknown keys only beside our own in user-context", () => {
    const open = [...keys].filter(
      ([path, { properties, additionalProperties }]) =>
        properties && additionalProperties !== false && !path.endsWith("user-context"),
    );
    expect(open.map(([path]) => path)).toEqual([]);
  });
});

test("units, ranges and defaults are in the JSON Schema", () => {
  expect(keys4.get("Dhcp4.valid-lifetime")).toMatchObject({
    default: 7200,
    unit: "s",
    minimum: 1,
    maximum: 4294967295,
  });
  expect(keys4.get("Dhcp4.subnet4.valid-lifetime")).not.toHaveProperty("default");
  expect(keys4.get("Dhcp4.interfaces-config.dhcp-socket-type")).toMatchObject({
    default: "raw",
    enum: ["raw", "udp"],
  });
  expect(keys6.get("Dhcp6.preferred-lifetime")).not.toHaveProperty("default");
  expect(keys6.get("Dhcp6.subnet6.pd-pools.delegated-len")).toMatchObject({ minimum: 1, maximum: 128 });
});
