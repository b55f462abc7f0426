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
  expect(log.lines).toEqual(["EXTENSION_OBSERVER_SLOW extension slow was not told of 904 events: it is too slow"]);
  pending.shift()!();
  await observer.settled();
  observer.add([event]);
  await expect.poll(() => calls).toEqual([1, 4096, 1]);
  pending.shift()!();
  await observer.settled();
  expect(log.lines).toHaveLength(1);
});
