/** How long something lasts: what a client gets, and what it may ask for. */
import type { Seconds } from "../base/clock.ts";

/** `min-` and `max-` bound what a client may ask for; all equal when only the default is configured. */
export interface Lifetime {
  readonly min: Seconds;
  readonly default: Seconds;
  readonly max: Seconds;
}
