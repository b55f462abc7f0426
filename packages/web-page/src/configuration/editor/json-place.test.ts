import { describe, expect, it } from "vitest";
import { placeAt } from "./json-place.ts";

/** @param text with the position as `^` */
function place(text: string) {
  const at = text.indexOf("^");
  const whole = text.replace("^", "");
  const { from, to, others, ...rest } = placeAt(whole, at);
  return { ...rest, others: [...others], word: whole.slice(from, to) };
}

describe("a place in a text", () => {
  it.each([
    ["^", { path: [], wants: "value" }],
    ["{ ^", { path: [], wants: "key", word: "" }],
    ['{ "Dhcp4": { "val^', { path: ["Dhcp4"], wants: "key", word: '"val', hasColon: false }],
    ['{ "Dhcp4": { "v^al": 7 } }', { path: ["Dhcp4"], wants: "key", word: '"val"', hasColon: true }],
    ['{ "Dhcp4": { val^ } }', { path: ["Dhcp4"], wants: "key", word: "val" }],
    ['{ "Dhcp4": { "a": ^ } }', { path: ["Dhcp4"], wants: "value", key: "a", word: "" }],
    ['{ "Dhcp4": { "a": tr^ } }', { path: ["Dhcp4"], wants: "value", key: "a", word: "tr" }],
    ['{ "Dhcp4": { "a": "^" } }', { path: ["Dhcp4"], wants: "value", key: "a", word: '""' }],
    ['{ "a": [ 1, { "b": [ ^ ] } ] }', { path: ["a", 1, "b"], wants: "value" }],
    ['{ "a": [ {}, { ^ } ] }', { path: ["a", 1], wants: "key" }],
    ['{ "a": [ {}, {} ], ^ }', { path: [], wants: "key", others: ["a"] }],
    ['{ "a": 1 /* , "b": { */, # "c": {\n // "d": {\n ^ }', { path: [], wants: "key", others: ["a"] }],
    ['{ "a": "{ [ \\" ^" }', { path: [], wants: "value", key: "a" }],
  ])("%s", (text, expected) => expect(place(text)).toMatchObject(expected));

  it("knows the other keys of its map, before and behind, and no deeper ones", () => {
    const { others } = place(
      '{ "x": 0, "in": { "a": { "deep": 1 }, "^": 2, "b": [ { "deep": 1 } ], "c": 3 }, "y": 1 }',
    );
    expect(others).toEqual(["a", "b", "c"]);
  });
});
