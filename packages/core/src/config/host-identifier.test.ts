import { expect, test } from "vitest";
import { formatHex } from "../base/hex.ts";
import { canonicalIdentifier, parseIdentifier } from "./host-identifier.ts";

// Each accepted and refused by Kea 2.6.3 just so.
test.each([
  ["01:02:0a", "01:02:0a"],
  ["01:02:0A", "01:02:0a"],
  ["1:2:a", "01:02:0a"],
  ["01 02 0a", "01:02:0a"],
  ["01020a", "01:02:0a"],
  ["0x01020a", "01:02:0a"],
  ["1020a", "01:02:0a"],
  ["1", "01"],
  ["'ab'", "61:62"],
  ["  'ab' ", "61:62"],
  ["'a'b'", "61:27:62"],
  ["'\u00e9'", "e9"],
])("%s is %s", (text, hex) => {
  const bytes = parseIdentifier(text);
  expect(bytes && formatHex(bytes)).toBe(hex);
  expect(canonicalIdentifier(text)).toBe(hex);
});

test.each([
  "",
  "0x",
  "''",
  "'a",
  ":",
  "01:",
  "01::02",
  "010:02",
  "01-02",
  "01:02 03",
  "01  02",
  "0x01:02",
  "0X0102",
  " 01:02 ",
  "0g",
  "text",
])("'%s' is no identifier", (text) => {
  expect(parseIdentifier(text)).toBeUndefined();
  expect(canonicalIdentifier(text)).toBeUndefined();
});
