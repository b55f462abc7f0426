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

it("looks an interval after the last look began, however long that took", async () => {
  const looks: number[] = [];
  using _pulls = pullRegularly({ interval: 1000 }, async () => {
    looks.push(performance.now());
    await lasting(30);
  });
  const began = performance.now();
  await vi.advanceTimersByTimeAsync(3100);
  expect(looks.map((look) => look - began)).toEqual([1000, 2000, 3000]);
});

it("lets a source rest that takes longer than the interval", async () => {
  const looks: number[] = [];
  using _pulls = pullRegularly({ interval: 1000 }, async () => {
    looks.push(performance.now());
    await lasting(1500);
  });
  const began = performance.now();
  await vi.advanceTimersByTimeAsync(4000);
  expect(looks.map((look) => look - began)).toEqual([1000, 3500]);
});

it("does not look again once it is disposed of while a look lasts", async () => {
  let looks = 0;
  const pulls = pullRegularly({ interval: 1000 }, async () => {
    looks++;
    await lasting(30);
  });
  await vi.advanceTimersByTimeAsync(1010);
  pulls[Symbol.dispose]();
  await vi.advanceTimersByTimeAsync(5000);
  expect(looks).toBe(1);
});

function lasting(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
