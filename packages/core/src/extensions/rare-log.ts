/** Says what may go wrong very often: the first time at once, and then no more than once in ten seconds. */
import type { ExtensionLog } from "@kotare/extension";
import type { Milliseconds } from "../base/clock.ts";
import { Timer } from "../base/timer.ts";

const PERIOD: Milliseconds = 10_000;

export class RareLog {
  readonly #log: Pick<ExtensionLog, "warn">;
  #pause: Timer | undefined;
  /** Not said since it was last said. */
  #unsaid = 0;
  #last = "";

  constructor(log: Pick<ExtensionLog, "warn">) {
    this.#log = log;
  }

  warn(text: string): void {
    if (this.#pause !== undefined) {
      this.#unsaid++;
      this.#last = text;
      return;
    }
    this.#log.warn(text);
    this.#pause = Timer.after(PERIOD, () => this.#sayRest()).unref();
  }

  #sayRest(): void {
    this.#pause = undefined;
    if (this.#unsaid === 0) return;
    const text = `${this.#last} (the last of ${this.#unsaid} such messages)`;
    this.#unsaid = 0;
    this.warn(text);
  }

  /** Says what has not been said. */
  stop(): void {
    this.#pause?.stop();
    this.#sayRest();
    this.#pause?.stop();
  }
}
