/** An answer on its way to the terminal: as it came, for programs, or for people. */
import { AnswerEnd } from "../../control/channel/answer-end.ts";
import { formatAnswer } from "./format-answer.ts";

export class PrintedAnswer {
  readonly #isRaw: boolean;
  readonly #out: (text: string | Uint8Array) => void;
  readonly #pieces: Buffer[] = [];
  readonly #end = new AnswerEnd();

  constructor(isRaw: boolean, out: (text: string | Uint8Array) => void) {
    this.#isRaw = isRaw;
    this.#out = out;
  }

  take(piece: Buffer): void {
    this.#end.take(piece);
    if (this.#isRaw) this.#out(piece);
    else this.#pieces.push(piece);
  }

  /** @returns its result, the last one of several @throws Error when it is not whole */
  end(): number {
    if (this.#end.isEmpty) throw new Error("the connection was closed without an answer");
    const { result } = this.#end;
    this.#out(this.#isRaw ? "\n" : this.#format());
    if (result === undefined) throw new Error("the answer has no result: it is not whole");
    return result;
  }

  /** By HTTP it is a list, of one for each service. */
  #format(): string {
    const answer = this.#parse();
    return Array.isArray(answer) ? answer.map(formatAnswer).join("\n") : formatAnswer(answer);
  }

  #parse(): unknown {
    try {
      return JSON.parse(Buffer.concat(this.#pieces).toString("latin1"));
    } catch {
      throw new Error("the answer is not whole");
    }
  }
}
