/**
 * Long work beside service: it rests as long as it works, so that a packet finds the main loop free, and a processor that
 * others on a small machine have not lost to us.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Milliseconds } from "./clock.ts";

/** Of work, and then of rest: timers know no shorter one. */
const TURN: Milliseconds = 1;

export class Pace {
  #began = performance.now();

  get isTurnOver(): boolean {
    return performance.now() - this.#began >= TURN;
  }

  /** To be called between any two steps: it rests when the turn is over only. */
  async rest(): Promise<void> {
    if (!this.isTurnOver) return;
    await delay(TURN);
    this.#began = performance.now();
  }
}
