import { availableParallelism, loadavg } from "node:os";
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

it("is none where the daemon is asked to stop meanwhile: whoever waits for it hears that at once", async () => {
  // Whether the moment of a single one is idle is not in our hands.
  for (let i = 0; i < 20; i++) {
    const idle = new AbortController();
    setImmediate(() => idle.abort());
    expect(await spareTime(idle.signal, LONG, false)()).toBe(false);
  }
  const busy = new AbortController();
  const end = performance.now() + 5000;
  let isAnswered = false;
  const work = () => void (!isAnswered && performance.now() < end && setImmediate(work));
  work();
  const answer = spareTime(busy.signal, LONG, false)();
  busy.abort();
  expect(await answer).toBe(false);
  isAnswered = true;
  expect(performance.now()).toBeLessThan(end);
});

it("depends on how many wait for a processor", async () => {
  const isIdle = () => loadavg()[0]! < availableParallelism();
  const before = isIdle();
  const isFound = await spareTime(signal, LONG)();
  // The system looks every five seconds.
  expect([before, isIdle()]).toContain(isFound);
});
