import { expect, it } from "vitest";
import { readFault, readFaults } from "./fault-place.ts";

const LINE = '<wire>:4:15: Dhcp4.valid-lifetime: "x" is not a number';
const fault = { line: 3, column: 15, what: 'Dhcp4.valid-lifetime: "x" is not a number' };

it("a fault of the daemon's has its place in the text that was typed", () => expect(readFault(LINE, 1)).toEqual(fault));

it("what says no place has none", () => {
  expect(readFault("it has failed", 1)).toBeUndefined();
  expect(readFaults(`it has failed\n${LINE}\n${LINE}`, 1)).toEqual([fault, fault]);
});
