/** Shows how far a long piece of work has come: one line that is written over, or one now and then. */
import type { Clock, Milliseconds } from "../base/clock.ts";

export interface ProgressParts {
  readonly clock: Pick<Clock, "monotonic">;
  write(text: string): void;
  /** Whether the line can be written over. */
  readonly isTerminal: boolean;
}

const PAUSE = { terminal: 200, file: 10_000 } as const;
/** Characters of the bar. */
const BAR = 20;

export class ProgressLine {
  readonly #parts: ProgressParts;
  readonly #pause: Milliseconds;
  #began: Milliseconds;
  #unit = "";
  #shown: Milliseconds;
  #width = 0;

  constructor(parts: ProgressParts) {
    this.#parts = parts;
    this.#pause = PAUSE[parts.isTerminal ? "terminal" : "file"];
    this.#began = parts.clock.monotonic();
    this.#shown = this.#began;
  }

  /** @param unit what is counted; another one is another piece of work */
  show(done: number, total: number, unit: string): void {
    const now = this.#parts.clock.monotonic();
    if (unit !== this.#unit) {
      if (this.#unit !== "") this.#began = this.#shown = now;
      this.#unit = unit;
    }
    if (now - this.#shown < this.#pause) return;
    this.#shown = now;
    const rate = done / ((now - this.#began) / 1000);
    const left = Math.max(0, total - done) / rate;
    const share = total === 0 ? 1 : Math.min(1, done / total);
    const bar = "#".repeat(Math.floor(BAR * share)).padEnd(BAR);
    const percent = `${Math.floor(100 * share)} %`.padStart(5);
    this.#write(`[${bar}] ${percent}, ${done} of ${total} ${unit}, ${Math.round(rate)}/s, ${formatTime(left)} left`);
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

function formatTime(seconds: number): string {
  if (!Number.isFinite(seconds)) return "?";
  const whole = Math.ceil(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
