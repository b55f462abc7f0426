/** Trying again until it works: the pauses, and the loop around an action. */
import type { Milliseconds } from "./clock.ts";
import { sleep as sleepFor } from "./timer.ts";

/** The pause after the `failures`-th failure in a row, counted from 1; `undefined` gives up. */
export type RetrySchedule = (failures: number) => Milliseconds | undefined;

/** For ever, with pauses that double up to `longest`. */
export function growingPauses(first: Milliseconds = 1000, longest: Milliseconds = 60_000): RetrySchedule {
  return (failures) => Math.min(longest, first * 2 ** Math.min(failures - 1, 30));
}

/** Kea's keys: `retries` more tries, `wait` apart. */
export function equalPauses(wait: Milliseconds, retries: number): RetrySchedule {
  return (failures) => (failures <= retries ? wait : undefined);
}

export interface RetryOptions {
  readonly schedule?: RetrySchedule;
  /** Told of each failure; `wait` is `undefined` when it was the last try. */
  readonly onFailure: (error: Error, wait: Milliseconds | undefined) => void;
  /** Ends the waiting: the returned promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly sleep?: (wait: Milliseconds, signal: AbortSignal | undefined) => Promise<unknown>;
}

/** Rejects with the last error when the schedule gives up. */
export async function retry<T>(action: () => T | Promise<T>, options: RetryOptions): Promise<T> {
  const { schedule = growingPauses(), onFailure, signal, sleep = sleepFor } = options;
  for (let failures = 1; ; failures++) {
    signal?.throwIfAborted();
    try {
      return await action();
    } catch (error) {
      const wait = schedule(failures);
      onFailure(error as Error, wait);
      if (wait === undefined) throw error;
      await sleep(wait, signal);
    }
  }
}
