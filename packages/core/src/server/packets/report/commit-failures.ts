/** When failed commits are told: while a disk is full or a database is away, each batch fails, hundreds a second. */
import type { Seconds } from "../../../base/clock.ts";
import { growingPauses } from "../../../base/retry.ts";

/** A failure that comes after so long is a new story, and told at once. */
const QUIET: Seconds = 60;
/** One for another reason is told after so long at the least. */
const APART: Seconds = 1;

export class CommitFailures {
  readonly #pauses = growingPauses();
  /** Packets since the last telling. */
  #packets = 0;
  /** Tellings of this story. */
  #told = 0;
  #due: Seconds = 0;
  #toldAt: Seconds = 0;
  #reason = "";
  #last: Seconds = Number.NEGATIVE_INFINITY;

  /** One more. @returns how many packets there are to tell about; 0 when it is too soon */
  add(packets: number, reason: string, now: Seconds): number {
    if (now > this.#last + QUIET) {
      this.#told = 0;
      this.#packets = 0;
      this.#due = now;
    }
    if (reason !== this.#reason) this.#due = Math.min(this.#due, this.#toldAt + APART);
    this.#last = now;
    this.#packets += packets;
    if (now < this.#due) return 0;
    const total = this.#packets;
    this.#packets = 0;
    this.#told += 1;
    this.#toldAt = now;
    this.#reason = reason;
    this.#due = now + (this.#pauses(this.#told) ?? 0) / 1000;
    return total;
  }
}
