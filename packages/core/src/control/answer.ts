/** What a command answers. */
import type { Json } from "./kea-json.ts";

/** Kea's numbers. */
export const Result = {
  success: 0,
  error: 1,
  /** No such command. */
  unsupported: 2,
  /** Well asked, but there is nothing there, or nothing was changed. */
  empty: 3,
  /** Well asked, but it does not go with what is there. */
  conflict: 4,
  /** A server of a pair is in a state that forbids it. */
  forbidden: 1001,
} as const;
export type Result = (typeof Result)[keyof typeof Result];

/** Its text is made in parts while it is sent; what must be known last may be a getter, as keys are written in order. */
export type Answer = {
  readonly result: Result;
  readonly text?: string;
  readonly arguments?: Json;
};

export function done(text: string, args?: Json): Answer {
  return { result: Result.success, text, ...(args === undefined ? {} : { arguments: args }) };
}

/** An answer that is nothing but data. */
export function found(args: Json): Answer {
  return { result: Result.success, arguments: args };
}

export function failed(text: string, result: Exclude<Result, 0> = Result.error): Answer {
  return { result, text };
}
