/** Counts what has happened within a time that moves along: at most so often in any such time. */
import type { Milliseconds } from "../../base/clock.ts";

/** So many moments are told apart; where more come, those close to each other count as the later one of them. */
const MOMENTS = 4096;

export class RateWindow {
  readonly #most: number;
  readonly #length: Milliseconds;
  /** The oldest first: each with its first and its last time. */
  readonly #moments: { readonly from: Milliseconds; at: Milliseconds; count: number }[] = [];
  #count = 0;

  /** @param most in any time of this length */
  constructor(most: number, length: Milliseconds) {
    this.#most = most;
    this.#length = length;
  }

  /** Whether there is room for one more. */
  hasRoom(now: Milliseconds): boolean {
    let over = 0;
    for (const { at, count } of this.#moments) {
      if (at > now - this.#length) break;
      this.#count -= count;
      over++;
    }
    this.#moments.splice(0, over);
    return this.#count < this.#most;
  }

  add(now: Milliseconds): void {
    this.#count++;
    const last = this.#moments.at(-1);
    if (last !== undefined && now - last.from < this.#length / MOMENTS) {
      last.at = now;
      last.count++;
    } else this.#moments.push({ from: now, at: now, count: 1 });
  }
}
