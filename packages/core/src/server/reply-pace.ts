/**
 * When replies leave that become ready together, as those do whose leases a database has committed at once: not all at once,
 * because a relay that is busy has room for some two hundred packets and loses the rest.
 */
import type { Clock, Milliseconds } from "../base/clock.ts";

/** Replies that leave at once; the batch with the last of them leaves as a whole. */
const BURST = 32;
/** After a burst. A millisecond each is more than databases keep up with, */
const PAUSE: Milliseconds = 1;
/** and what waits is gone after some eight. */
const PAUSES = 8;

interface Waiting {
  readonly count: number;
  readonly leave: () => void;
}

export class ReplyPace {
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #waiting: Waiting[] = [];
  #began = Number.NEGATIVE_INFINITY;
  #left = 0;

  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
  }

  /** Resolves when `count` replies may leave; `undefined` when they may now. In the order of the calls. */
  turn(count: number): Promise<void> | undefined {
    if (this.#waiting.length === 0) {
      if (this.#clock.monotonic() >= this.#began + PAUSE) this.#begin(BURST);
      if (this.#left > 0) {
        this.#left -= count;
        return undefined;
      }
      this.#pause();
    }
    return new Promise((leave) => this.#waiting.push({ count, leave }));
  }

  #begin(burst: number): void {
    this.#began = this.#clock.monotonic();
    this.#left = burst;
  }

  #pause(): void {
    setTimeout(() => this.#continue(), PAUSE);
  }

  #continue(): void {
    const ready = this.#waiting.reduce((sum, { count }) => sum + count, 0);
    this.#begin(Math.max(BURST, ready / PAUSES));
    while (this.#left > 0 && this.#waiting.length > 0) {
      const { count, leave } = this.#waiting.shift()!;
      this.#left -= count;
      leave();
    }
    if (this.#waiting.length > 0) this.#pause();
  }
}
