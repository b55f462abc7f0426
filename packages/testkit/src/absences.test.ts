import { expect, test } from "vitest";
import { delayWithout, readAbsences } from "./absences.ts";

test("what processors were away for is taken off once, as far as it was while somebody waited", () => {
  const absences = readAbsences(["1020.000 5.000", "1000.000 4.000", "1002.000 3.000"]);
  expect(absences).toEqual([
    { from: 1000, to: 1005 },
    { from: 1020, to: 1025 },
  ]);
  expect(delayWithout(absences, { sent: 1004, delay: 10 })).toBe(9);
  expect(delayWithout(absences, { sent: 1004, delay: 18 })).toBe(15);
  expect(delayWithout(absences, { sent: 990, delay: 100 })).toBe(90);
  expect(delayWithout(absences, { sent: 1005, delay: 15 })).toBe(15);
});
