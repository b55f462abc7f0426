/** How a run goes, on a terminal: one line that is written over each second. */
import type { Progress } from "../run/load-run.ts";
import type { Audience } from "../run/play.ts";
import { formatDelay } from "./percentile-plot.ts";

const SECOND = 1000;

export class StatusLine implements Audience {
  readonly pause = SECOND;
  #sent = 0;
  #width = 0;

  say(line: string): void {
    this.#write(line);
  }

  show({ time, steps, recent }: Progress): void {
    const legs = steps.flatMap((step) => step.legs);
    const begun = steps.reduce((sum, step) => sum + (step.legs.find(({ sent }) => sent > 0)?.sent ?? 0), 0);
    const lost = legs.reduce((sum, leg) => sum + leg.lost, 0);
    const [p50, p99] = [0.5, 0.99].map((share) => recent.percentile(share));
    const delays =
      recent.count === 0 ? "" : `, half within ${formatDelay(p50!)} ms, 99 % within ${formatDelay(p99!)} ms`;
    this.#write(
      `${Math.round(time / SECOND)} s: ${begun - this.#sent}/s begun, ${recent.count}/s done${delays}, ${lost} lost so far`,
    );
    this.#sent = begun;
  }

  clear(): void {
    if (this.#width > 0) process.stderr.write(`\r${" ".repeat(this.#width)}\r`);
    this.#width = 0;
  }

  #write(line: string): void {
    if (!process.stderr.isTTY) return;
    process.stderr.write(`\r${line.padEnd(this.#width)}`);
    this.#width = line.length;
  }
}
