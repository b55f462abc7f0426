import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { LONGEST_TIMER, sleep, Timer } from "./timer.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const DAY = 86_400_000;
const SECOND = 1000;

describe.each([5, LONGEST_TIMER, LONGEST_TIMER + 1, 100 * DAY])("%d ms", (length) => {
  test("after", () => {
    const run = vi.fn();
    Timer.after(length, run);
    vi.advanceTimersByTime(length - 1);
    expect(run).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(run).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(2 * length);
    expect(run).toHaveBeenCalledOnce();
  });

  test("every", () => {
    const run = vi.fn();
    const timer = Timer.every(length, run);
    vi.advanceTimersByTime(3 * length - 1);
    expect(run).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(1);
    timer.stop();
    vi.advanceTimersByTime(3 * length);
    expect(run).toHaveBeenCalledTimes(3);
  });

  test("stopped in the middle", () => {
    const run = vi.fn();
    const timer = Timer.after(length, run);
    vi.advanceTimersByTime(length - 1);
    timer.stop();
    vi.advanceTimersByTime(length);
    expect(run).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  test("slept", async () => {
    const slept = vi.fn();
    const sleeping = sleep(length).then(slept);
    await vi.advanceTimersByTimeAsync(length - 1);
    expect(slept).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    await sleeping;
    expect(slept).toHaveBeenCalledOnce();
  });
});

test("one that stops itself runs once", () => {
  const run = vi.fn(() => timer.stop());
  const timer: Timer = Timer.every(SECOND, run);
  vi.advanceTimersByTime(5 * SECOND);
  expect(run).toHaveBeenCalledOnce();
});

test("sleep ends with the signal's reason, and leaves nothing behind", async () => {
  const abort = new AbortController();
  const sleeping = sleep(100 * DAY, abort.signal);
  abort.abort(new Error("stopped"));
  await expect(sleeping).rejects.toThrow("stopped");
  await expect(sleep(1, abort.signal)).rejects.toThrow("stopped");
  expect(vi.getTimerCount()).toBe(0);
});

test("a process does not wait for one that it need not wait for, however long it is", () => {
  vi.useRealTimers();
  const handles = () => process.getActiveResourcesInfo().filter((each) => each === "Timeout").length;
  const before = handles();
  const timers = [Timer.after(100 * DAY, () => {}), Timer.every(DAY, () => {})];
  expect(handles()).toBe(before + 2);
  for (const timer of timers) timer.unref();
  expect(handles()).toBe(before);
  for (const timer of timers) timer.stop();
});
