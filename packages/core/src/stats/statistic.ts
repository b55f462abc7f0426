/** One number that the daemon keeps count of, and what a table says about it. */
import type { Seconds } from "../base/clock.ts";

export interface StatisticDefinition {
  /** A counter only grows; a gauge is how many there are now; a size is what the configuration makes it. */
  readonly kind: "counter" | "gauge" | "size";
  readonly doc: string;
  /**
   * Whether it is in the list of all, where readers fail at names that Kea 2.6.3 has not: from the start, since it first
   * changed, or never, so that only who asks for it by its name is told.
   */
  readonly listed: "always" | "changed" | "never";
}

export function counter(doc: string): StatisticDefinition {
  return { kind: "counter", doc, listed: "always" };
}

export function gauge(doc: string): StatisticDefinition {
  return { kind: "gauge", doc, listed: "always" };
}

export function size(doc: string): StatisticDefinition {
  return { kind: "size", doc, listed: "changed" };
}

/** Those that Kea 2.6.3 does not list before they have counted something. */
export function onceChanged<Name extends string>(definitions: Definitions<Name>): Definitions<Name> {
  return listedWhen("changed", definitions);
}

/** Those of later versions of Kea. */
export function later<Name extends string>(definitions: Definitions<Name>): Definitions<Name> {
  return listedWhen("never", definitions);
}

type Definitions<Name extends string> = Readonly<Record<Name, StatisticDefinition>>;

function listedWhen<Name extends string>(
  listed: StatisticDefinition["listed"],
  definitions: Definitions<Name>,
): Definitions<Name> {
  const entries = Object.entries<StatisticDefinition>(definitions);
  return Object.fromEntries(entries.map(([name, each]) => [name, { ...each, listed }])) as Definitions<Name>;
}

/** What a statistic was at a time. */
export interface Sample {
  /** A `bigint` above 2^53: some pools of DHCPv6 have so many addresses. */
  readonly value: number | bigint;
  /** Wall time. */
  readonly time: Seconds;
}

/** How many of the last values are kept, by number or by age: a limit of one kind takes the place of the other. */
export type SampleLimit =
  | { readonly kind: "count"; readonly samples: number }
  | { readonly kind: "age"; readonly seconds: Seconds };

/** Kea's default. */
export const SAMPLES: SampleLimit = { kind: "count", samples: 20 };

/** Kept of those by age, however young they are: a busy counter has thousands a second. */
const MOST_SAMPLES = 1000;

type Rule = Omit<StatisticDefinition, "doc">;

export class Statistic {
  readonly #definition: Rule;
  /** The same statistic one level up, which counts along: pool → subnet → global. */
  readonly #parent: Statistic | undefined;
  /** Not 0 from the start: V8 would take it for a field of small integers, and give up what it compiled at the first large one. */
  #value: number | bigint = 0n;
  #changed: Seconds;
  /** What it was before, a ring: value, time, value, time, … Made with the first change. */
  #past: (number | bigint)[] | undefined;
  /** Where in the ring the next one goes, and how many are there. */
  #next = 0;
  #kept = 0;
  #limit = SAMPLES;
  #isRemoved: boolean;

  constructor(definition: Rule, parent: Statistic | undefined, now: Seconds) {
    this.#definition = definition;
    this.#isRemoved = definition.listed === "changed";
    this.#parent = parent;
    this.#changed = now;
    this.#value = 0;
  }

  get kind(): StatisticDefinition["kind"] {
    return this.#definition.kind;
  }

  get value(): number | bigint {
    return this.#value;
  }

  /** Wall time of the last change, or of the start. */
  get changed(): Seconds {
    return this.#changed;
  }

  /** Whether nobody is told of it until it changes, or changes again. */
  get isRemoved(): boolean {
    return this.#isRemoved;
  }

  get isListed(): boolean {
    return !this.#isRemoved && this.#definition.listed !== "never";
  }

  /** @param now wall time, which the packet path has at hand for the whole batch */
  add(count: number, now: Seconds): void {
    const value = this.#value;
    this.set(typeof value === "number" ? value + count : value + BigInt(count), now);
    this.#parent?.add(count, now);
  }

  /** Of this level only. */
  set(value: number | bigint, now: Seconds): void {
    if (!this.#isRemoved) this.#keep();
    this.#value = value;
    this.#changed = now;
    this.#isRemoved = false;
  }

  /** Forgets what was. A counter begins at zero again, at this level only; others tell how many there are all the same. */
  reset(now: Seconds): void {
    if (this.kind === "counter") this.#value = 0;
    this.#changed = now;
    this.#kept = 0;
  }

  /** As `reset`, and it is not listed until it changes. */
  remove(now: Seconds): void {
    this.reset(now);
    this.#isRemoved = true;
  }

  limitSamples(limit: SampleLimit): void {
    if (isSame(limit, this.#limit)) return;
    this.#limit = limit;
    const past = this.#keepsPast ? this.#samplesBefore().slice(0, this.#capacity()).reverse() : [];
    this.#past = undefined;
    this.#next = 0;
    this.#kept = 0;
    for (const { value, time } of past) this.#push(value, time);
  }

  /** The newest first; at least the one of now. */
  samples(): readonly Sample[] {
    const now = { value: this.#value, time: this.#changed };
    const limit = this.#limit;
    const past = this.#samplesBefore();
    if (limit.kind === "count") return [now, ...past];
    return [now, ...past.filter(({ time }) => time > now.time - limit.seconds)];
  }

  #samplesBefore(): Sample[] {
    const past = this.#past;
    if (past === undefined) return [];
    const capacity = past.length / 2;
    return Array.from({ length: this.#kept }, (_, i) => {
      const at = 2 * ((this.#next - 1 - i + capacity) % capacity);
      return { value: past[at]!, time: Number(past[at + 1]) };
    });
  }

  #keep(): void {
    if (this.#keepsPast) this.#push(this.#value, this.#changed);
  }

  get #keepsPast(): boolean {
    return this.#limit.kind === "age" || this.#limit.samples > 1;
  }

  #push(value: number | bigint, time: Seconds): void {
    this.#past ??= new Array<number | bigint>(2 * this.#capacity()).fill(0);
    const past = this.#past;
    const at = 2 * this.#next;
    past[at] = value;
    past[at + 1] = time;
    this.#next = at + 2 === past.length ? 0 : this.#next + 1;
    if (2 * this.#kept < past.length) this.#kept++;
  }

  /** Of the ring: the sample of now is kept beside it. */
  #capacity(): number {
    return this.#limit.kind === "age" ? MOST_SAMPLES : Math.min(Math.max(1, this.#limit.samples - 1), MOST_SAMPLES);
  }
}

function isSame(a: SampleLimit, b: SampleLimit): boolean {
  if (a.kind === "count") return b.kind === "count" && a.samples === b.samples;
  return b.kind === "age" && a.seconds === b.seconds;
}
