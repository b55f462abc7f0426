/** Time as a value: everything that needs it is given a clock, so that tests can hold it still. */

/** Whole or fractional seconds; wall times count from the Unix epoch. */
export type Seconds = number;
export type Milliseconds = number;

export interface Clock {
  /** Seconds since the Unix epoch, as the system believes; may jump. */
  wall(): Seconds;
  /** Milliseconds from an arbitrary start; never jumps and never goes back. */
  monotonic(): Milliseconds;
}

export const systemClock: Clock = {
  wall: () => Date.now() / 1000,
  monotonic: () => performance.now(),
};

/** A clock that moves only when told to. */
export class ManualClock implements Clock {
  #wall: Seconds;
  #monotonic: Milliseconds = 0;

  constructor(wall: Seconds = 1_800_000_000) {
    this.#wall = wall;
  }

  wall(): Seconds {
    return this.#wall;
  }

  monotonic(): Milliseconds {
    return this.#monotonic;
  }

  /** Time passes: both readings move. */
  advance(seconds: Seconds): void {
    this.#wall += seconds;
    this.#monotonic += seconds * 1000;
  }

  /** Somebody sets the clock: only the wall reading moves. */
  jump(seconds: Seconds): void {
    this.#wall += seconds;
  }
}
