/** Alarms about durations: one sounds when a mean is above its high mark, until it is below its low mark. */
import type { ExtensionMessage, MessageValues } from "@kotare/extension";
import type { Milliseconds } from "../../base/clock.ts";
import { type DurationKey, type Interval, meanOf, nameDuration } from "./durations.ts";

/** Kea's ids. */
export const ALARM_MESSAGES: Readonly<Record<"PERFMON_ALARM_TRIGGERED" | "PERFMON_ALARM_CLEARED", ExtensionMessage>> = {
  PERFMON_ALARM_TRIGGERED: {
    severity: "warn",
    text: "{name} since {since}: the mean is {mean} ms, above high-water-ms {high}",
    doc: "Messages have taken longer than the alarm allows. It is said again as long as that goes on.",
  },
  PERFMON_ALARM_CLEARED: {
    severity: "info",
    text: "{name}: the mean is {mean} ms, below low-water-ms {low}",
    doc: "The alarm is over.",
  },
};

/** Says one of `ALARM_MESSAGES`. */
export type TellAlarm = (id: keyof typeof ALARM_MESSAGES, values: MessageValues) => void;

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
  readonly #tell: TellAlarm;

  /** @param period how long an alarm that goes on is not told of again */
  constructor(alarms: readonly AlarmKeys[], period: Milliseconds, tell: TellAlarm) {
    for (const alarm of alarms) {
      if (alarm["enable-alarm"])
        this.#alarms.set(nameDuration(alarm["duration-key"]), { ...alarm, since: undefined, told: 0 });
    }
    this.#period = period;
    this.#tell = tell;
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
      this.#tell("PERFMON_ALARM_CLEARED", { name, mean, low });
    } else if (alarm.since !== undefined && now - alarm.told >= this.#period) this.#sound(alarm, name, mean, now);
  }

  #sound(alarm: Alarm, name: string, mean: Milliseconds, now: Milliseconds): void {
    alarm.told = now;
    const since = new Date(alarm.since!).toISOString();
    this.#tell("PERFMON_ALARM_TRIGGERED", { name, since, mean, high: alarm["high-water-ms"] });
  }
}
