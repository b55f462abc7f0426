import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeField, TextError, TextFields } from "./text-fields.ts";

function split(text: string): string[] {
  const fields = new TextFields(text);
  const found: string[] = [];
  while (fields.remaining > 0) found.push(fields.next("a field"));
  return found;
}

describe("TextFields", () => {
  // What Kea 2.6.3 makes of the same texts, seen on the wire.
  it.each([
    ["a, b", ["a", "b"]],
    ["  lead trail ", ["lead trail"]],
    ["1,,2,", ["1", "2"]],
    [",1", ["1"]],
    ["", []],
    [" , ", []],
    ["a\\, b", ["a, b"]],
    ["c\\d", ["c\\d"]],
    ["x\\\\y", ["x\\y"]],
    ["x\\\\,y", ["x\\", "y"]],
    ["x\\\\\\,y", ["x\\,y"]],
    ["x\\", ["x\\"]],
    ["x\\ ,y", ["x\\", "y"]],
  ])("splits %j into %j", (text, fields) => {
    expect(split(text)).toEqual(fields);
  });

  it("says what is expected where a field is missing", () => {
    expect(() => new TextFields("").next("an IPv4 address")).toThrow(
      new TextError("a value is missing: expected an IPv4 address"),
    );
  });

  it("reads back every escaped field", () => {
    const field = fc.string().filter((text) => text.trim() === text && text !== "");
    fc.assert(
      fc.property(fc.array(field), (fields) => {
        expect(split(fields.map(escapeField).join(","))).toEqual(fields);
      }),
    );
  });
});
