/**
 * RFC 8415 §20.3, RFC 3118 §2: a number that grows with each message, over restarts and times at which the clock is set back.
 * It is the time, in nanoseconds since 1970, or one more than the last one.
 */
import type { Clock } from "../base/clock.ts";

const NANOSECONDS = 1_000_000_000n;
/** What is reserved ahead: a server that starts again within that begins a minute ahead of the time. */
const AHEAD = 60n * NANOSECONDS;

export class ReplayCounter {
  readonly #clock: Pick<Clock, "wall">;
  /** Has it kept that all numbers below may have been used. Must not throw. */
  readonly #reserve: (below: bigint) => void;
  #next: bigint;
  #reserved: bigint;

  /** @param reserved what was reserved before */
  constructor(clock: Pick<Clock, "wall">, reserved: bigint, reserve: (below: bigint) => void) {
    this.#clock = clock;
    this.#reserve = reserve;
    this.#next = reserved;
    this.#reserved = reserved;
  }

  /** 64 bits, above 0. */
  next(): bigint {
    const time = BigInt(Math.floor(this.#clock.wall() * 1000)) * (NANOSECONDS / 1000n);
    const number = time > this.#next ? time : this.#next;
    this.#next = number + 1n;
    if (this.#next > this.#reserved) {
      this.#reserved = number + AHEAD;
      this.#reserve(this.#reserved);
    }
    return number;
  }
}
