/** Parts of a faulty file that a daemon has started without: how many there are, and who is told. */
import type { Logger } from "../../log/logger.ts";
import type { LifeMessages } from "../life-messages.ts";

const HOUR = 3_600_000;

export class LeftOut implements Disposable {
  #count: number;
  readonly #reminder: NodeJS.Timeout;

  /** Says every hour that there are some, until there are none. */
  constructor(count: number, file: string, messages: Pick<LifeMessages, "CONFIG_DEGRADED">, log: Logger) {
    this.#count = count;
    const remind = () => log.log(messages.CONFIG_DEGRADED, { count: this.#count, file });
    this.#reminder = setInterval(() => this.#count > 0 && remind(), HOUR).unref();
  }

  /** How many parts of the configuration in force are not served; 0 for a whole one. */
  get count(): number {
    return this.#count;
  }

  /** A whole configuration is in force. */
  clear(): void {
    this.#count = 0;
  }

  /** What is served, in words for the service manager. */
  describe(served: string): string {
    const parts = this.#count === 1 ? "1 part" : `${this.#count} parts`;
    return this.#count === 0 ? served : `Degraded: ${parts} of the configuration left out; ${served}`;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#reminder);
  }
}
