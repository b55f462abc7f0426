/** Shows how far a long piece of work has come: one line that is written over, or one now and then. */
import type { Clock, Milliseconds } from "../base/clock.ts";

export interface ProgressParts {
  readonly clock: Pick<Clock, "monotonic">;
  write(text: string): void;
  /** Whether the line can be written over. */
  readonly isTerminal: boolean;
  /** What is counted. */
  readonly unit: string;
}

const PAUSE = { terminal: 200, file: 10_000 } as const;

export class ProgressLine {
  readonly #parts: ProgressParts;
  readonly #pause: Milliseconds;
  readonly #began: Milliseconds;
  #shown: Milliseconds;
  #width = 0;

  constructor(parts: ProgressParts) {
    this.#parts = parts;
    this.#pause = PAUSE[parts.isTerminal ? "terminal" : "file"];
    this.#began = parts.clock.monotonic();
    this.#shown = this.#began;
  }

  show(done: number, total: number): void {
    const now = this.#parts.clock.monotonic();
    if (now - this.#shown < this.#pause) return;
    this.#shown = now;
    const rate = done / ((now - this.#began) / 1000);
    const left = Math.ceil(Math.max(0, total - done) / rate);
    const share = total === 0 ? 100 : Math.min(100, Math.floor((100 * done) / total));
    this.#write(`${done} of ${total} ${this.#parts.unit}, ${share} %, ${Math.round(rate)}/s, ${left} s left`);
  }

  /** Makes room for what comes behind. */
  end(): void {
    if (this.#width > 0) this.#parts.write(`\r${" ".repeat(this.#width)}\r`);
    this.#width = 0;
  }

  #write(line: string): void {
    if (!this.#parts.isTerminal) {
      this.#parts.write(`${line}\n`);
      return;
    }
    this.#parts.write(`\r${line.padEnd(this.#width)}`);
    this.#width = line.length;
  }
}
