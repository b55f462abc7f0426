import { expect, it } from "vitest";
import { spareTime } from "./spare-time.ts";

const LONG = 60_000;
const { signal } = new AbortController();

it("is found where nothing is to do", async () => {
  expect(await spareTime(signal, LONG, false)()).toBe(true);
});

it("is waited for while something is to do", async () => {
  const end = performance.now() + 100;
  const work = () => void (performance.now() < end && setImmediate(work));
  work();
  expect(await spareTime(signal, LONG, false)()).toBe(true);
  expect(performance.now()).toBeGreaterThanOrEqual(end);
});

it("is none on a busy machine, after the patience, nor where the daemon is asked to stop", async () => {
  expect(await spareTime(signal, LONG, true)()).toBe(false);
  expect(await spareTime(signal, 0, false)()).toBe(false);
  expect(await spareTime(AbortSignal.abort(), LONG, false)()).toBe(false);
});
