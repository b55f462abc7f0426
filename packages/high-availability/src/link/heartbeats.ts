/** When a server asks its partner how it is: after a while, or soon, and never twice at once. */
import type { Surroundings } from "@kotare/extension";

/** They are not closer to each other, whatever happens: milliseconds. */
export const SHORTEST_BEAT = 100;

export class Heartbeats {
  readonly #around: Pick<Surroundings<unknown>, "after" | "clock">;
  readonly #beat: () => void;
  #next: { readonly due: number; stop(): void } | undefined;
  #last = Number.NEGATIVE_INFINITY;
  #isStopped = false;

  /** @param beat asks the partner, and calls `in` when it has answered or has not */
  constructor(around: Pick<Surroundings<unknown>, "after" | "clock">, beat: () => void) {
    this.#around = around;
    this.#beat = beat;
  }

  /** At the latest in so many milliseconds; not sooner after the last one than is good. */
  in(delay: number): void {
    if (this.#isStopped) return;
    const { clock, after } = this.#around;
    const now = clock.monotonic();
    const due = Math.max(now + delay, this.#last + SHORTEST_BEAT);
    if (this.#next !== undefined && this.#next.due <= due) return;
    this.#next?.stop();
    const timer = after(due - now, () => {
      this.#next = undefined;
      this.#last = clock.monotonic();
      this.#beat();
    });
    this.#next = { due, stop: () => timer.stop() };
  }

  stop(): void {
    this.#isStopped = true;
    this.#next?.stop();
  }
}
