/** What observers are told while they are busy. */
import type { Event } from "@kotare/extension";
import { expect, it } from "vitest";
import { ManualClock } from "../base/clock.ts";
import { RecordingLogger } from "../log/testing/recording-logger.ts";
import { RunningExtension } from "./running-extension.ts";

const event = {} as Event;

it("events gather while it is busy; those beyond 4,096 are let go, and that is said", async () => {
  const calls: number[] = [];
  const pending: (() => void)[] = [];
  const log = new RecordingLogger();
  const observe = (events: readonly Event[]) => {
    calls.push(events.length);
    return new Promise<void>((resolve) => pending.push(resolve));
  };
  const { observer } = new RunningExtension("slow", { observe }, log, new ManualClock());
  // Of packets that all get no answer there is nothing to tell.
  observer.add([]);
  observer.add([event]);
  await expect.poll(() => calls).toEqual([1]);
  for (let i = 0; i < 50; i++) observer.add(Array(100).fill(event));
  expect(calls).toEqual([1]);
  pending.shift()!();
  await expect.poll(() => calls).toEqual([1, 4096]);
  const told = (count: number) =>
    `EXTENSION_OBSERVER_SLOW extension slow was not told of ${count} events: it is too slow`;
  expect(log.lines).toEqual([told(4)]);
  pending.shift()!();
  observer.add([event]);
  await expect.poll(() => calls).toEqual([1, 4096, 1]);
  pending.shift()!();
  await observer.settled();
  // Said once in ten seconds, and the rest at the end.
  expect(log.lines).toEqual([told(4), `${told(904)} (the last of 9 such messages)`]);
});
