/** Writes an answer no faster than the other end takes it, and gives up on one who takes nothing. */
import type { Writable } from "node:stream";
import type { Milliseconds } from "../../base/clock.ts";

/** Kea's: for the whole command to arrive, for the other end to take some of the answer, and to end after an error. */
export const PATIENCE: Milliseconds = 10_000;

export class PatientWriter {
  readonly #out: Writable;
  readonly #giveUp: () => void;
  #timer: NodeJS.Timeout | undefined;
  #stalledSince = Number.POSITIVE_INFINITY;

  /** @param giveUp ends the connection of one who does not read */
  constructor(out: Writable, giveUp: () => void) {
    this.#out = out;
    this.#giveUp = giveUp;
    out.once("close", () => clearTimeout(this.#timer));
  }

  /** Since when, on the process's clock, the other end has taken nothing; infinite where it is not waited for. */
  get stalledSince(): Milliseconds {
    return this.#stalledSince;
  }

  /** @param slice one character a byte @returns false when there is nobody to write to any more */
  async write(slice: string): Promise<boolean> {
    if (this.#out.destroyed) return false;
    if (!this.#out.write(slice, "latin1")) {
      this.awaitReader();
      this.#stalledSince = performance.now();
      await this.#drained();
      this.#stalledSince = Number.POSITIVE_INFINITY;
      this.stopWaiting();
    }
    return !this.#out.destroyed;
  }

  /** Resolves when the kernel has all of it, or there is nobody any more. */
  async end(): Promise<void> {
    if (this.#out.destroyed) return;
    this.awaitReader();
    await new Promise<void>((resolve) => {
      this.#out.once("close", resolve);
      this.#out.end(resolve);
    });
    this.stopWaiting();
  }

  /** The other end has to do something now. */
  awaitReader(): void {
    this.stopWaiting();
    this.#timer = setTimeout(this.#giveUp, PATIENCE);
  }

  stopWaiting(): void {
    clearTimeout(this.#timer);
  }

  #drained(): Promise<void> {
    const out = this.#out;
    return new Promise((resolve) => {
      const end = () => {
        out.off("drain", end);
        out.off("close", end);
        resolve();
      };
      out.on("drain", end);
      out.on("close", end);
    });
  }
}
