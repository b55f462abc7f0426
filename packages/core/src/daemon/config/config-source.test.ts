import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { pullRegularly } from "./config-source.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("looks at a source once in an interval, wherever the clock of the day jumps", async () => {
  let looks = 0;
  using _pulls = pullRegularly({ interval: 20_000 }, async () => ++looks);
  await vi.advanceTimersByTimeAsync(19_000);
  vi.setSystemTime("2040-01-01");
  await vi.advanceTimersByTimeAsync(500);
  expect(looks).toBe(0);
  await vi.advanceTimersByTimeAsync(500);
  expect(looks).toBe(1);
  vi.setSystemTime("1980-01-01");
  await vi.advanceTimersByTimeAsync(20_000);
  expect(looks).toBe(2);
});

it("does not look again while a look lasts, and goes on after one that fails", async () => {
  const ends: (() => void)[] = [];
  let looks = 0;
  using _pulls = pullRegularly({ interval: 1000 }, () => {
    looks++;
    return new Promise((_, reject) => ends.push(() => reject(new Error("away"))));
  });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(looks).toBe(1);
  ends.pop()!();
  await vi.advanceTimersByTimeAsync(2000);
  expect(looks).toBe(2);
});
