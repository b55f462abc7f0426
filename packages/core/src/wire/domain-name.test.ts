import fc from "fast-check";
import { expect, test } from "vitest";
import { parseLabels, putName, writeLabels } from "./domain-name.ts";
import { TextError } from "./text-fields.ts";
import { Writer } from "./writer.ts";

function wire(text: string): string {
  const bytes = new Uint8Array(300).fill(0xee);
  const end = putName(text, bytes, 7);
  return Buffer.from(bytes.subarray(7, end)).toString("latin1");
}

test.each([
  ["h.example", "\x01h\x07example\0"],
  ["h.example.", "\x01h\x07example\0"],
  [".", "\0"],
  ["a\\.b", "\x03a.b\0"],
  ["é", "\x01é\0"],
])("the name %j on the wire", (text, expected) => {
  expect(wire(text)).toBe(expected);
});

test.each(["a..b", ".a", "..", "a b", `${"x".repeat(64)}.b`, `a.${"x".repeat(64)}`, `${"abc.".repeat(64)}`])(
  "%j is no name",
  (text) => {
    expect(() => wire(text)).toThrow(TextError);
  },
);

test("any text is put as its labels are written", () => {
  const texts = fc.string({
    unit: fc.constantFrom("a", "Z", "-", ".", "0123456789".repeat(6), "\\", "é"),
    maxLength: 9,
  });
  fc.assert(
    fc.property(texts, (text) => {
      expect(outcome(() => wire(text))).toBe(outcome(() => written(text)));
    }),
  );
});

function written(text: string): string {
  const writer = new Writer(300);
  writeLabels(parseLabels(text), writer);
  return Buffer.from(writer.take()).toString("latin1");
}

function outcome(make: () => string): string {
  try {
    return make();
  } catch (error) {
    return String(error);
  }
}
