/** Work in steps, each short: done at once while nobody is served yet, or beside service. */
import { Pace } from "./pace.ts";

/** `atOnce` or `atPace`. */
export type Run = <Result>(steps: Generator<void, Result>) => Result | Promise<Result>;

export function atOnce<Result>(steps: Generator<void, Result>): Result {
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}

/** At a pace that leaves room for packets. */
export async function atPace<Result>(steps: Generator<void, Result>): Promise<Result> {
  const pace = new Pace();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await pace.rest();
  }
}
