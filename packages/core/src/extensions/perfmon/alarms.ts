/** Alarms about durations: one sounds when a mean is above its high mark, until it is below its low mark. */
import type { ExtensionLog } from "@kotare/extension";
import type { Milliseconds } from "../../base/clock.ts";
import { type DurationKey, type Interval, meanOf, nameDuration } from "./durations.ts";

export interface AlarmKeys {
  readonly "duration-key": DurationKey;
  readonly "enable-alarm": boolean;
  readonly "high-water-ms": number;
  readonly "low-water-ms": number;
}

interface Alarm extends AlarmKeys {
  /** Unix time; `undefined` while it is quiet. */
  since: Milliseconds | undefined;
  told: Milliseconds;
}

export class Alarms {
  readonly #alarms = new Map<string, Alarm>();
  readonly #period: Milliseconds;
  readonly #log: ExtensionLog;

  /** @param period how long an alarm that goes on is not told of again */
  constructor(alarms: readonly AlarmKeys[], period: Milliseconds, log: ExtensionLog) {
    for (const alarm of alarms) {
      if (alarm["enable-alarm"])
        this.#alarms.set(nameDuration(alarm["duration-key"]), { ...alarm, since: undefined, told: 0 });
    }
    this.#period = period;
    this.#log = log;
  }

  /** @param now Unix time */
  check(key: DurationKey, interval: Interval, now: Milliseconds): void {
    const name = nameDuration(key);
    const alarm = this.#alarms.get(name);
    if (alarm === undefined) return;
    const mean = meanOf(interval) / 1000;
    const { "high-water-ms": high, "low-water-ms": low } = alarm;
    if (alarm.since === undefined && mean > high) {
      alarm.since = now;
      this.#sound(alarm, name, mean, now);
    } else if (alarm.since !== undefined && mean < low) {
      alarm.since = undefined;
      this.#log.info(`alarm for ${name} is over: the mean is ${mean} ms, below low-water-ms ${low}`);
    } else if (alarm.since !== undefined && now - alarm.told >= this.#period) this.#sound(alarm, name, mean, now);
  }

  #sound(alarm: Alarm, name: string, mean: Milliseconds, now: Milliseconds): void {
    alarm.told = now;
    const since = new Date(alarm.since!).toISOString();
    this.#log.warn(
      `alarm for ${name} since ${since}: the mean is ${mean} ms, above high-water-ms ${alarm["high-water-ms"]}`,
    );
  }
}
