/** What a view shows of the daemons: asked for, and asked for again. */
import { useEffect, useState } from "preact/hooks";
import { Refused } from "./session.ts";

/** What waits is looked after so often. */
const STEP = 0.5;

export interface Polled<T> {
  /** The last answer; stays while a later one fails. */
  readonly value?: T | undefined;
  /** Why the last question has failed, in words. */
  readonly problem?: string | undefined;
}

/**
 * @param load what asks; given up when the view goes or the keys change
 * @param keys what the question depends on
 * @param seconds between an answer and the next question, in halves; `undefined` to ask once
 */
export function usePolled<T>(
  load: (signal: AbortSignal) => Promise<T>,
  keys: readonly unknown[],
  seconds?: number,
): Polled<T> {
  const [state, setState] = useState<Polled<T>>({});
  useEffect(() => {
    const stopping = new AbortController();
    const { signal } = stopping;
    void poll();
    return () => stopping.abort();

    async function poll(): Promise<void> {
      while (!signal.aborted) {
        try {
          const value = await load(signal);
          if (!signal.aborted) setState({ value });
        } catch (error) {
          if (!signal.aborted) setState(({ value }) => ({ value, problem: (error as Error).message }));
          // The answer would be the same again and again.
          if (error instanceof Refused) return;
        }
        if (seconds === undefined) return;
        for (let passed = 0; passed < seconds && !signal.aborted; passed += STEP) await pause();
      }
    }
  }, keys);
  return state;
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1000 * STEP));
}
