/** Work of several for one processor: they take turns, and all together rest as one would. */
import type { Milliseconds } from "../../base/clock.ts";
import { Pace } from "../../base/pace.ts";

/** So many leases are looked up, and told, at a time: half a millisecond, in which packets wait. */
export const MOST_AT_A_TIME = 100;
/** A turn has one such step, or several small ones. So queries have a third of the main loop, and a million leases take 20 s. */
const WORK: Milliseconds = 0.25;

export class SharedPace {
  readonly #pace = new Pace(WORK);
  #last: Promise<void> = Promise.resolve();

  /** Resolves when it is the caller's turn, who then works for as long as it does not wait. */
  turn(): Promise<void> {
    this.#last = this.#last.then(() => this.#pace.rest());
    return this.#last;
  }
}
