/** What the commands about statistics work on, and how they write them. */
import type { Seconds } from "../base/clock.ts";
import type { Sample, SampleLimit, Statistic } from "../stats/statistic.ts";
import type { ReadStatistic } from "../stats/statistics.ts";
import type { Json } from "./kea-json.ts";

export interface StatisticsContext {
  readonly statistics: {
    /** All that can be found, with their full names. */
    entries(): Iterable<[name: string, statistic: Statistic]>;
    /** The samples of all that are listed, in the order of their full names, some at a time. */
    read(): Iterable<readonly ReadStatistic[]>;
    find(name: string): Statistic | undefined;
    limitSamples(limit: SampleLimit): void;
  };
  /** Wall time. */
  now(): Seconds;
}

/** The newest first: `[ [ 7, "2027-01-15 08:00:00.123456" ], … ]`. */
export function writeSamples(samples: readonly Sample[]): Json {
  return samples.map(({ value, time }) => [value, formatTime(time)]);
}

/** Local time with microseconds, as Kea's. */
export function formatTime(time: Seconds): string {
  const micros = String(Math.floor((time % 1) * 1e6)).padStart(6, "0");
  return `${formatSecond(Math.floor(time))}.${micros}`;
}

/** The last one asked for: of ten thousand subnets most have changed last when they were configured. */
let lastSecond = { second: Number.NaN, text: "" };

function formatSecond(second: number): string {
  if (lastSecond.second !== second) lastSecond = { second, text: formatDate(new Date(second * 1000)) };
  return lastSecond.text;
}

function formatDate(at: Date): string {
  const two = (number: number) => String(number).padStart(2, "0");
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${date} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}
