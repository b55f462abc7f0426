import { expect, test } from "vitest";
import { latin1 } from "./bytes.ts";

test.each([0, 1, 12, 13, 128, 129, 1000])("%i bytes are as many characters, whatever stands around them", (length) => {
  const all = Uint8Array.from({ length: length + 7 }, (_, i) => 250 - (i % 251));
  const text = String.fromCharCode(...all.subarray(3, 3 + length));
  expect(latin1(all, 3, 3 + length)).toBe(text);
  expect(latin1(all.slice(3, 3 + length))).toBe(text);
});
