/** Work of several for one processor: they take turns, and all together rest as one would. */
import { Pace } from "../../base/pace.ts";

export class SharedPace {
  readonly #pace = new Pace();
  #last: Promise<void> = Promise.resolve();

  /** Resolves when it is the caller's turn, who then works for as long as it does not wait. */
  turn(): Promise<void> {
    this.#last = this.#last.then(() => this.#pace.rest());
    return this.#last;
  }
}
