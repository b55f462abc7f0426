/** How long parts of exchanges take, gathered over intervals. */
import type { Milliseconds } from "../../base/clock.ts";

/** What is timed: from one event to another, of messages of a type that are answered with a type. */
export interface DurationKey {
  readonly "query-type": string;
  readonly "response-type": string;
  readonly "start-event": string;
  readonly "stop-event": string;
  /** 0 for all. */
  readonly "subnet-id": number;
}

export interface Interval {
  /** Unix time. */
  readonly start: Milliseconds;
  readonly occurrences: number;
  /** Microseconds. */
  readonly min: number;
  readonly max: number;
  readonly total: number;
}

export interface Duration {
  readonly key: DurationKey;
  /** The last interval that is complete. */
  readonly last: Interval | undefined;
}

type Open = { -readonly [Key in keyof Interval]: Interval[Key] };

export class Durations {
  readonly #width: Milliseconds;
  readonly #report: (key: DurationKey, interval: Interval) => void;
  readonly #durations = new Map<string, { readonly key: DurationKey; current: Open; last: Interval | undefined }>();

  /** @param report told of each interval that is complete: when the first time behind it comes */
  constructor(width: Milliseconds, report: (key: DurationKey, interval: Interval) => void) {
    this.#width = width;
    this.#report = report;
  }

  /** In the order of their keys. */
  list(): readonly Duration[] {
    return [...this.#durations].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, duration]) => duration);
  }

  /** @param micros how long it has taken, in microseconds @param now Unix time */
  add(key: DurationKey, micros: number, now: Milliseconds): void {
    const name = nameDuration(key);
    const duration = this.#durations.get(name);
    if (duration === undefined) {
      this.#durations.set(name, { key, current: begin(micros, now), last: undefined });
      return;
    }
    const { current } = duration;
    if (now - current.start < this.#width) {
      current.occurrences++;
      current.min = Math.min(current.min, micros);
      current.max = Math.max(current.max, micros);
      current.total += micros;
      return;
    }
    duration.last = current;
    duration.current = begin(micros, now);
    this.#report(key, current);
  }
}

function begin(micros: number, start: Milliseconds): Open {
  return { start, occurrences: 1, min: micros, max: micros, total: micros };
}

/** Of a complete interval, in whole microseconds. */
export function meanOf({ total, occurrences }: Interval): number {
  return Math.floor(total / occurrences);
}

/** As Kea's log names it. */
export function nameDuration(key: DurationKey): string {
  return `${key["query-type"]}.${key["response-type"]}.${key["start-event"]}-${key["stop-event"]}.${key["subnet-id"]}`;
}
