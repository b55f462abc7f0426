/** What arrived and nobody has looked at yet. */
import { delay } from "../lab/program.ts";

export class Inbox<Item> {
  readonly #items: Item[] = [];
  #arrived: () => void = () => {};

  put(item: Item): void {
    this.#items.push(item);
    this.#arrived();
  }

  /** The next item, in the order of arrival; `undefined` when none comes within `timeout` milliseconds. */
  async next(timeout: number): Promise<Item | undefined> {
    if (this.#items.length === 0) {
      const timer = new AbortController();
      const arrived = new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
      await Promise.race([arrived, delay(timeout, timer.signal)]);
      timer.abort();
      this.#arrived = () => {};
    }
    return this.#items.shift();
  }
}
