/** How large batches are, and how long their commits take: measured once a batch, since packets cost enough without. */
import type { Clock, Milliseconds } from "../../base/clock.ts";
import { Histogram } from "../../stats/histogram.ts";

export class BatchMeasures {
  readonly packets = new Histogram([1, 2, 4, 8, 16, 32, 64]);
  /** Of commits, in seconds. */
  readonly commitTimes = new Histogram(
    [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005].concat([0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]),
  );
  readonly #clock: Pick<Clock, "monotonic">;

  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
  }

  now(): Milliseconds {
    return this.#clock.monotonic();
  }

  /** @param began by `now` */
  committed(began: Milliseconds): void {
    this.commitTimes.add((this.now() - began) / 1000);
  }
}
