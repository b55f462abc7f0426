import { expect, test } from "vitest";
import { z } from "zod";
import { Dhcp4File } from "./dhcp4.ts";

type Json = { [key: string]: unknown; properties?: Record<string, Json>; items?: Json; additionalProperties?: unknown };

/** Every key of the schema with the path to it. */
function* keysOf(schema: Json, path = ""): Generator<[path: string, key: Json]> {
  for (const [name, key] of Object.entries(schema.properties ?? {})) {
    yield [`${path}${name}`, key];
    yield* keysOf(key, `${path}${name}.`);
  }
  if (schema.items !== undefined) yield* keysOf(schema.items, path);
}

const schema = z.toJSONSchema(Dhcp4File, { io: "input" }) as Json;
const keys = new Map(keysOf(schema));

test("every key of the JSON Schema says what it is", () => {
  const silent = [...keys].filter(([, key]) => typeof key["description"] !== "string").map(([path]) => path);
  expect(silent).toEqual([]);
  expect(keys.size).toBeGreaterThan(500);
});

test("units, ranges and defaults are in the JSON Schema", () => {
  expect(keys.get("Dhcp4.valid-lifetime")).toMatchObject({ default: 7200, unit: "s", minimum: 0, maximum: 4294967295 });
  expect(keys.get("Dhcp4.subnet4.valid-lifetime")).not.toHaveProperty("default");
  expect(keys.get("Dhcp4.interfaces-config.dhcp-socket-type")).toMatchObject({ default: "raw", enum: ["raw", "udp"] });
});

test("no map takes unknown keys", () => {
  const open = [...keys].filter(
    ([, { properties, additionalProperties }]) => properties && additionalProperties !== false,
  );
  expect(open.map(([path]) => path)).toEqual([]);
});
