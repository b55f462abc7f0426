import { describe, expect, it } from "vitest";
import { proposalsAt } from "./complete-json.ts";
import type { Schema } from "./config-schema.ts";
import { placeAt } from "./json-place.ts";

const subnet: Schema = {
  type: "object",
  properties: {
    subnet: { type: "string", description: "Its prefix." },
    "valid-lifetime": { type: "integer", default: 7200, unit: "s" },
    pools: { type: "array", items: { type: "object", properties: { pool: { type: "string" } } } },
    options: { type: "object", properties: {} },
    names: { type: "array", items: { type: "string", enum: ["a", "b"] } },
  },
};
const root: Schema = {
  type: "object",
  properties: {
    Dhcp4: {
      type: "object",
      properties: {
        subnet4: { type: "array", items: subnet },
        authoritative: { anyOf: [{ type: "boolean" }, { type: "string", enum: ["yes"] }] },
      },
    },
  },
};

function at(text: string) {
  return proposalsAt(root, placeAt(text.replace("^", ""), text.indexOf("^")));
}
const labels = (text: string) => at(text).map(({ label }) => label);
/** With the place to go on at. */
const written = (text: string) => at(text).map(({ text: t, cursor }) => `${t.slice(0, cursor)}^${t.slice(cursor)}`);

describe("what may be written", () => {
  it.each([
    ["{ ^ }", ["Dhcp4"]],
    ['{ "Dhcp4": { ^ } }', ["subnet4", "authoritative"]],
    [
      '{ "Dhcp4": { "subnet4": [ {}, { "subnet": "", "op^", "pools": [] } ] } }',
      ["valid-lifetime", "options", "names"],
    ],
    ['{ "Dhcp4": { "subnet4": [ { "pools": [ { ^ } ] } ] } }', ["pool"]],
    ['{ "Dhcp4": { "authoritative": ^ } }', ["true", "false", '"yes"']],
    ['{ "Dhcp4": { "subnet4": [ { "valid-lifetime": ^ } ] } }', ["7200"]],
    ['{ "Dhcp4": { "subnet4": [ { "names": [ ^ ] } ] } }', ['"a"', '"b"']],
    ['{ "Dhcp4": { "unknown": { ^ } } }', []],
  ])("%s", (text, expected) => expect(labels(text)).toEqual(expected));

  it("is ready to be filled in", () => {
    expect(written('{ "Dhcp4": { "subnet4": [ { ^ } ] } }')).toEqual([
      '"subnet": "^"',
      '"valid-lifetime": ^',
      '"pools": [ { ^ } ]',
      '"options": { ^ }',
      '"names": [ "^" ]',
    ]);
    expect(written('{ "Dhcp^": {} }')).toEqual(['"Dhcp4"^']);
  });

  it("says what it is", () => {
    const [prefix, lifetime] = at('{ "Dhcp4": { "subnet4": [ { ^ } ] } }');
    expect(prefix).toMatchObject({ info: "Its prefix.", detail: "string" });
    expect(lifetime).toMatchObject({ detail: "integer, s, default 7200" });
  });
});
