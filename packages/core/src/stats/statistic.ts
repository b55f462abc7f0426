/** One number that the daemon keeps count of, and what a table says about it. */
import type { Seconds } from "../base/clock.ts";

export interface StatisticDefinition {
  /** A counter only grows; a gauge is how many there are now. */
  readonly kind: "counter" | "gauge";
  readonly doc: string;
}

export function counter(doc: string): StatisticDefinition {
  return { kind: "counter", doc };
}

export function gauge(doc: string): StatisticDefinition {
  return { kind: "gauge", doc };
}

export class Statistic {
  readonly kind: StatisticDefinition["kind"];
  /** The same statistic one level up, which counts along: pool → subnet → global. */
  readonly #parent: Statistic | undefined;
  #value = 0;
  #changed: Seconds;

  constructor(kind: StatisticDefinition["kind"], parent: Statistic | undefined, now: Seconds) {
    this.kind = kind;
    this.#parent = parent;
    this.#changed = now;
  }

  get value(): number {
    return this.#value;
  }

  /** Wall time of the last change, or of the start. */
  get changed(): Seconds {
    return this.#changed;
  }

  /** @param now wall time, which the packet path has at hand for the whole batch */
  add(count: number, now: Seconds): void {
    this.#value += count;
    this.#changed = now;
    this.#parent?.add(count, now);
  }

  /** Sets this level; those above change by the difference. */
  set(value: number, now: Seconds): void {
    this.add(value - this.#value, now);
  }
}
