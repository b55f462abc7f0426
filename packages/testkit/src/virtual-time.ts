/** Time that passes when a test lets it: all timers of the process follow, and `performance.now` counts its milliseconds. */
import { vi } from "vitest";

const turn = setImmediate;

export class VirtualTime implements Disposable {
  constructor() {
    vi.useFakeTimers({
      toFake: [
        "setTimeout",
        "clearTimeout",
        "setInterval",
        "clearInterval",
        "setImmediate",
        "clearImmediate",
        "performance",
      ],
    });
  }

  /** Milliseconds since it began. */
  get now(): number {
    return performance.now();
  }

  /** What is due meanwhile happens, one after the other, with all that promises make of it. */
  async pass(milliseconds: number): Promise<void> {
    await this.until(new Promise((resolve) => void setTimeout(resolve, milliseconds)));
  }

  /** So much passes as it takes. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let isOver = false;
    const over = () => {
      isOver = true;
    };
    promise.then(over, over);
    for (;;) {
      await new Promise((resolve) => void turn(resolve));
      if (isOver) return promise;
      vi.advanceTimersToNextTimer();
    }
  }

  [Symbol.dispose](): void {
    vi.useRealTimers();
  }
}
