/**
 * Long work beside service, in short turns with rests between: a packet finds the main loop free, and what serves it on
 * other threads, and others on a small machine, find a processor.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Milliseconds } from "./clock.ts";

/**
 * An exchange is woken some six times, on two threads, and each time may find the processor taken: a kernel need not
 * interrupt us for it. Turns of 1 ms have five times as many replies take more than 3 ms as these.
 */
const WORK: Milliseconds = 0.5;
/** Timers know no shorter one. */
const REST: Milliseconds = 1;

export class Pace {
  readonly #work: Milliseconds;
  #began = performance.now();

  /** @param work how long a turn is, and the step in which it ends */
  constructor(work: Milliseconds = WORK) {
    this.#work = work;
  }

  get isTurnOver(): boolean {
    return performance.now() - this.#began >= this.#work;
  }

  /** To be called between any two steps: it rests when the turn is over only. */
  async rest(): Promise<void> {
    if (!this.isTurnOver) return;
    await delay(REST);
    this.#began = performance.now();
  }
}
