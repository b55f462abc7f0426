import { expect, test } from "vitest";
import { latin1 } from "./bytes.ts";
import { formatHex, parseHex } from "./hex.ts";

test.each([0, 1, 12, 13, 128, 129, 1000])("%i bytes are as many characters, whatever stands around them", (length) => {
  const all = Uint8Array.from({ length: length + 7 }, (_, i) => 250 - (i % 251));
  const text = String.fromCharCode(...all.subarray(3, 3 + length));
  expect(latin1(all, 3, 3 + length)).toBe(text);
  expect(latin1(all.slice(3, 3 + length))).toBe(text);
});

const parsed = (text: string) => {
  const bytes = parseHex(text);
  return bytes && formatHex(bytes);
};

test.each([
  ["1a:02", "1a:02"],
  ["1A 02\tff", "1a:02:ff"],
  ["1:2:3", "01:02:03"],
  ["1a02", "1a:02"],
  ["a02", "0a:02"],
  ["0x1a02", "1a:02"],
  ["0X1:2", "01:02"],
  ["", ""],
  ["0x", ""],
])("reads %j as %s", (text, bytes) => {
  expect(parsed(text)).toBe(bytes);
});

test.each(["1g", "1a:", ":1a", "1a::02", "1a:002", "x", "1\xfa", "1\u3042", "-1"])("does not read %j", (text) => {
  expect(parsed(text)).toBeUndefined();
});
