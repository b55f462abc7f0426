/** Timers of any length: Node's know none above 24.8 days, and take a longer one for one millisecond. */
import type { Milliseconds } from "./clock.ts";

/** The longest that Node's timers know. */
export const LONGEST_TIMER: Milliseconds = 2 ** 31 - 1;

export class Timer {
  readonly #run: () => void;
  #handle: NodeJS.Timeout | undefined;
  #holdsProcess = true;

  private constructor(wait: Milliseconds, run: () => void) {
    this.#run = run;
    this.#start(wait);
  }

  static after(wait: Milliseconds, run: () => void): Timer {
    return new Timer(wait, run);
  }

  /** Again and again, first after `period`. */
  static every(period: Milliseconds, run: () => void): Timer {
    const timer: Timer = new Timer(period, () => {
      timer.#start(period);
      run();
    });
    return timer;
  }

  /** The process may end before it does. */
  unref(): this {
    this.#holdsProcess = false;
    this.#handle?.unref();
    return this;
  }

  stop(): void {
    clearTimeout(this.#handle);
  }

  #start(wait: Milliseconds): void {
    const step = Math.min(wait, LONGEST_TIMER);
    this.#handle = setTimeout(() => (wait > step ? this.#start(wait - step) : this.#run()), step);
    if (!this.#holdsProcess) this.#handle.unref();
  }
}

/** Rejects with the signal's reason when that comes first. */
export function sleep(wait: Milliseconds, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const stop = () => {
      timer.stop();
      reject(signal?.reason as Error);
    };
    const timer = Timer.after(wait, () => {
      signal?.removeEventListener("abort", stop);
      resolve();
    });
    signal?.addEventListener("abort", stop, { once: true });
  });
}
