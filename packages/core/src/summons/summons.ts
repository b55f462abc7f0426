/**
 * Clients that have been called, and have not come yet: each is called again after 2 seconds, then after twice as long each
 * time (RFC 8415 §18.3.11; RFC 3203 §2 leaves it to the server).
 */
import type { Milliseconds } from "../base/clock.ts";
import { Timer } from "../base/timer.ts";

/** REC_TIMEOUT and REC_MAX_RC. */
const FIRST: Milliseconds = 2000;
const TIMES = 8;

export interface Calling {
  /** Called at once, and each time again. */
  send(): void;
  /** It has not come however often it was called. */
  onUnheard(): void;
}

interface Called {
  timer: Timer;
  times: number;
}

export class Summons {
  readonly #called = new Map<string, Called>();
  /** Whether nobody is waited for. */
  get isEmpty(): boolean {
    return this.#called.size === 0;
  }

  /** Once more from the beginning for one that is waited for. */
  call(client: string, { send, onUnheard }: Calling): void {
    this.heard(client);
    send();
    const called: Called = { times: 1, timer: this.#after(FIRST, () => again()) };
    const again = () => {
      if (called.times === TIMES) {
        this.#called.delete(client);
        onUnheard();
        return;
      }
      send();
      called.timer = this.#after(FIRST * 2 ** called.times, again);
      called.times += 1;
    };
    this.#called.set(client, called);
  }

  /** The client has come. */
  heard(client: string): void {
    this.#called.get(client)?.timer.stop();
    this.#called.delete(client);
  }

  stop(): void {
    for (const { timer } of this.#called.values()) timer.stop();
    this.#called.clear();
  }

  #after(wait: Milliseconds, run: () => void): Timer {
    return Timer.after(wait, run).unref();
  }
}
