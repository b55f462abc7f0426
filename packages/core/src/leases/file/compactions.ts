/** When a lease file is rewritten: by the clock where it has grown, whenever somebody asks, and never two at a time. */
import type { Clock, Seconds } from "../../base/clock.ts";
import { Timer } from "../../base/timer.ts";
import type { Report } from "./lease-file-event.ts";

/** A file that has not grown to twice its size and by so much more is left alone, in bytes. */
const GROWTH = 8 * 1024 * 1024;

export interface CompactionParts {
  /** Between two rewrites of a file that grows; 0 for never. */
  readonly interval: Seconds;
  readonly clock: Clock;
  readonly report: Report;
  /** Bytes in the file. */
  readonly length: () => number;
  /** Rewrites the file with one row a lease, beside service. */
  readonly rewrite: () => Promise<void>;
}

export class Compactions {
  readonly #parts: CompactionParts;
  readonly #timer: Timer | undefined;
  #running: Promise<void> | undefined;
  #isWanted = false;
  /** The file is wrong until it is rewritten: the end waits for that. */
  #isNeeded = false;
  /** Bytes at which the file has grown enough. */
  #threshold = Number.POSITIVE_INFINITY;
  #isClosed = false;

  constructor(parts: CompactionParts) {
    this.#parts = parts;
    if (parts.interval === 0) return;
    this.#timer = Timer.every(parts.interval * 1000, () => this.want()).unref();
    this.#awaitGrowth();
  }

  /** Whether the end, too, waits for the next one. */
  get isNeeded(): boolean {
    return this.#isNeeded;
  }

  /** As soon as can be; one that is under way is followed by another. */
  want(): void {
    if (this.#isClosed) return;
    this.#isWanted = true;
    this.#running ??= this.#run();
  }

  /** As `want`, of a file that is not right as it is, not even the one that is being written. */
  need(): void {
    this.#isNeeded = true;
    this.want();
  }

  /** The file has become longer. */
  grown(): void {
    if (this.#running === undefined && this.#parts.length() > this.#threshold) this.want();
  }

  /** Resolves when none is under way or wanted. A failure has been reported. */
  async ended(): Promise<void> {
    await this.#running;
  }

  /** From now on none begins that is not needed. */
  close(): void {
    this.#isClosed = true;
    this.#timer?.stop();
  }

  #awaitGrowth(): void {
    this.#threshold = 2 * this.#parts.length() + GROWTH;
  }

  async #run(): Promise<void> {
    while (this.#isWanted && (this.#isNeeded || !this.#isClosed)) {
      this.#isWanted = false;
      await this.#runOnce().catch((error: Error) => {
        if (!this.#isClosed) this.#parts.report({ kind: "compaction-failed", error });
      });
      if (this.#timer !== undefined) this.#awaitGrowth();
    }
    this.#running = undefined;
  }

  async #runOnce(): Promise<void> {
    const { clock, report, length, rewrite } = this.#parts;
    const began = clock.monotonic();
    report({ kind: "compaction-began", bytes: length() });
    await rewrite();
    // Unless it has become wrong again.
    if (!this.#isWanted) this.#isNeeded = false;
    report({ kind: "compaction-ended", bytes: length(), milliseconds: clock.monotonic() - began });
  }
}
