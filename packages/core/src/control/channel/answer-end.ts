/** The result of an answer that comes in pieces. */

/** The end is enough to see it: keys come in order, and a text has no bare quotation mark. */
const TAIL = 64 * 1024;

export class AnswerEnd {
  #tail = "";

  take(piece: Buffer): void {
    this.#tail = (this.#tail + piece.toString("latin1")).slice(-TAIL);
  }

  /** Nothing has come. */
  get isEmpty(): boolean {
    return this.#tail.trimEnd() === "";
  }

  /** `undefined` where the answer is not whole. */
  get result(): number | undefined {
    const result = [...this.#tail.matchAll(/"result": ?(\d+)/g)].at(-1)?.[1];
    return result === undefined ? undefined : Number(result);
  }
}
