/** When exchanges begin: at the rate of one step after the other, whatever becomes of those begun before. */

export interface Step {
  /** Exchanges per second. */
  readonly rate: number;
  readonly seconds: number;
}

/** Times are milliseconds from the start, and exchanges are numbered from 0. */
export class Schedule {
  readonly steps: readonly Step[];
  readonly total: number;
  readonly #begins: readonly { readonly time: number; readonly exchange: number }[];

  /** @param most exchanges, should the steps have more */
  constructor(steps: readonly Step[], most = Number.POSITIVE_INFINITY) {
    this.steps = steps;
    const begins = [{ time: 0, exchange: 0 }];
    for (const { rate, seconds } of steps) {
      const { time, exchange } = begins.at(-1)!;
      begins.push({ time: time + 1000 * seconds, exchange: exchange + Math.round(rate * seconds) });
    }
    this.#begins = begins;
    this.total = Math.min(most, begins.at(-1)!.exchange);
  }

  stepOf(exchange: number): number {
    let step = this.steps.length - 1;
    while (step > 0 && this.#begins[step]!.exchange > exchange) step--;
    return step;
  }

  dueAt(exchange: number): number {
    const step = this.stepOf(exchange);
    const begin = this.#begins[step]!;
    return begin.time + (1000 * (exchange - begin.exchange)) / this.steps[step]!.rate;
  }

  /** How many are to have begun by then. */
  dueBy(time: number): number {
    if (time < 0) return 0;
    let step = this.steps.length - 1;
    while (step > 0 && this.#begins[step]!.time > time) step--;
    const { time: began, exchange } = this.#begins[step]!;
    const ofStep = Math.floor(((time - began) * this.steps[step]!.rate) / 1000) + 1;
    return Math.min(this.total, this.#begins[step + 1]!.exchange, exchange + ofStep);
  }
}

/** @returns as many steps as asked for, from the one rate to the other */
export function ramp(from: number, to: number, count: number, seconds: number): readonly Step[] {
  if (count === 1) return [{ rate: from, seconds }];
  return Array.from({ length: count }, (_, i) => ({
    rate: Math.round(from + ((to - from) * i) / (count - 1)),
    seconds,
  }));
}
