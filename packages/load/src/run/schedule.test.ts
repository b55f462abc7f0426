import { expect, test } from "vitest";
import { ramp, Schedule } from "./schedule.ts";

test("exchanges are due at the rate of their step, whatever became of those before", () => {
  const schedule = new Schedule([
    { rate: 10, seconds: 1 },
    { rate: 100, seconds: 0.5 },
  ]);
  expect(schedule.total).toBe(60);
  expect([0, 9, 10, 11, 59].map((exchange) => schedule.dueAt(exchange))).toEqual([0, 900, 1000, 1010, 1490]);
  expect([0, 9, 10, 59].map((exchange) => schedule.stepOf(exchange))).toEqual([0, 0, 1, 1]);
});

test("each is due when it is due, and not before", () => {
  const schedule = new Schedule(ramp(30, 700, 4, 0.25));
  for (let exchange = 0; exchange < schedule.total; exchange++) {
    const time = schedule.dueAt(exchange);
    expect(schedule.dueBy(time + 0.001)).toBeGreaterThan(exchange);
    expect(schedule.dueBy(time - 0.001)).toBeLessThanOrEqual(exchange);
  }
});

test("nothing is due before the start, nor more than there is", () => {
  const schedule = new Schedule([{ rate: 1000, seconds: 10 }], 7);
  expect([-1, 0, 5.5, 1e9].map((time) => schedule.dueBy(time))).toEqual([0, 1, 6, 7]);
});

test("a ramp goes from the one rate to the other in equal steps", () => {
  expect(ramp(1000, 2000, 3, 5)).toEqual([1000, 1500, 2000].map((rate) => ({ rate, seconds: 5 })));
  expect(ramp(2000, 1000, 2, 5).map(({ rate }) => rate)).toEqual([2000, 1000]);
  expect(ramp(1000, 2000, 1, 5)).toEqual([{ rate: 1000, seconds: 5 }]);
});
