/** When the partner is asked. */
import { expect, it } from "vitest";
import { Heartbeats } from "./heartbeats.ts";

it("soon, though it was to be later, and though it is to be later after the one that is under way", () => {
  const timers: { readonly due: number; readonly run: () => void }[] = [];
  let now = 1000;
  const after = (milliseconds: number, run: () => void) => {
    const timer = { due: now + milliseconds, run };
    timers.push(timer);
    return { stop: () => void timers.splice(timers.indexOf(timer), 1) };
  };
  let beats = 0;
  const heartbeats = new Heartbeats({ after, clock: { monotonic: () => now, wall: () => now / 1000 } }, () => beats++);
  const dues = () => timers.map(({ due }) => due);
  heartbeats.in(10_000);
  expect(dues()).toEqual([11_000]);
  heartbeats.in(100);
  expect(dues()).toEqual([1100]);
  heartbeats.in(10_000);
  expect(dues()).toEqual([1100]);
  now = 1100;
  timers.shift()!.run();
  expect(beats).toBe(1);
  // Not twice at once.
  heartbeats.in(0);
  expect(dues()).toEqual([1200]);
  heartbeats.stop();
  expect(dues()).toEqual([]);
});
