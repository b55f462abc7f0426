/** Sees that a database which has fallen silent is not waited for. */
import type { Milliseconds } from "../base/clock.ts";

/** How often is looked. */
const ROUND: Milliseconds = 1000;

export class AnswerWatch {
  /** In the order in which they were asked. */
  readonly #questions: { readonly since: number }[] = [];
  readonly #timer: NodeJS.Timeout;

  /**
   * @param patience milliseconds that an answer may take, and up to a second more
   * @param onLate called as long as there is one that has taken longer
   */
  constructor(patience: Milliseconds, onLate: (error: Error) => void) {
    this.#timer = setInterval(() => {
      const [oldest] = this.#questions;
      if (oldest === undefined || performance.now() - oldest.since < patience) return;
      onLate(new Error(`the database has not answered for ${patience / 1000} s`));
    }, ROUND).unref();
  }

  /** Waits for an answer under watch. */
  async over<T>(answer: Promise<T>): Promise<T> {
    const question = { since: performance.now() };
    this.#questions.push(question);
    try {
      return await answer;
    } finally {
      this.#questions.splice(this.#questions.indexOf(question), 1);
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
