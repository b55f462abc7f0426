import fc from "fast-check";
import { expect, it } from "vitest";
import { RateWindow } from "./rate-window.ts";

/** The times at which one more was let in. */
function letIn(window: RateWindow, times: readonly number[]): number[] {
  return times.filter((now) => {
    const isIn = window.hasRoom(now);
    if (isIn) window.add(now);
    return isIn;
  });
}

it("lets in so many within the time, and more when the first ones are past", () => {
  expect(letIn(new RateWindow(2, 1000), [0, 600, 999, 1000, 1001, 1599, 1600])).toEqual([0, 600, 1000, 1600]);
  expect(letIn(new RateWindow(0, 1000), [0, 5000])).toEqual([]);
});

it("never lets in more within any such time, and hardly fewer, however many come", () => {
  const most = 10_000;
  const times = Array.from({ length: 60_000 }, (_, i) => i / 20);
  const inside = letIn(new RateWindow(most, 1000), times);
  for (let i = most; i < inside.length; i++) expect(inside[i]! - inside[i - most]!).toBeGreaterThanOrEqual(1000);
  // 20 a millisecond come for three seconds.
  expect(inside.length).toBeGreaterThan(2.99 * most);
});

it("never lets in more within any such time, whenever they come", () => {
  const gaps = fc.array(fc.nat(300), { maxLength: 100 });
  fc.assert(
    fc.property(gaps, fc.integer({ min: 1, max: 5 }), (between, most) => {
      let now = 0;
      const inside = letIn(
        new RateWindow(most, 1000),
        between.map((gap) => (now += gap)),
      );
      for (let i = most; i < inside.length; i++) expect(inside[i]! - inside[i - most]!).toBeGreaterThanOrEqual(1000);
    }),
  );
});
