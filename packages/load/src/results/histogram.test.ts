import fc from "fast-check";
import { expect, test } from "vitest";
import { Histogram } from "./histogram.ts";

test("a percentile is right to 1.6 %, or to half a microsecond", () => {
  const delays = fc.array(fc.double({ min: 0.001, max: 60_000, noNaN: true }), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(delays, fc.double({ min: 0.01, max: 1, noNaN: true }), (values, share) => {
      const histogram = new Histogram();
      for (const value of values) histogram.add(value);
      const exact = [...values].sort((a, b) => a - b)[Math.max(0, Math.ceil(share * values.length) - 1)]!;
      expect(Math.abs(histogram.percentile(share) - exact)).toBeLessThanOrEqual(0.016 * exact + 0.0006);
    }),
  );
});

test("mean, shortest and longest are exact, and an empty one has none", () => {
  const histogram = new Histogram();
  for (const delay of [0.25, 3, 1e7]) histogram.add(delay);
  expect(histogram).toMatchObject({ count: 3, min: 0.25, max: 1e7, mean: 10_000_003.25 / 3 });
  histogram.clear();
  expect([histogram.count, histogram.mean, histogram.percentile(0.5)]).toEqual([0, Number.NaN, Number.NaN]);
});
