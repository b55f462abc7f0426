import { expect, it } from "vitest";
import { offsetOf, readFault } from "./fault-place.ts";

it("a fault of the daemon's has its place in the text that was typed", () => {
  const fault = readFault('<wire>:4:15: Dhcp4.valid-lifetime: "x" is not a number', 1);
  expect(fault).toEqual({ line: 3, column: 15, what: 'Dhcp4.valid-lifetime: "x" is not a number' });
  const text = '{\n  "Dhcp4": {\n    "valid": "x"\n  }\n}';
  expect(text.slice(offsetOf(text, { ...fault!, column: 14 }))).toMatch(/^"x"/);
  expect(offsetOf(text, { line: 99, column: 1, what: "" })).toBe(text.length);
});

it("what says no place has none", () => expect(readFault("it has failed", 1)).toBeUndefined());
