/** What the updater counts, under Kea's names: for itself, and for each TSIG key. */
import type { Seconds } from "@kotare/core/base/clock";
import { counter, type SampleLimit, type Statistic } from "@kotare/core/stats/statistic";
import { type ReadStatistic, Statistics } from "@kotare/core/stats/statistics";

const updates = {
  "update-sent": counter("UPDATE messages sent, those sent again included."),
  "update-success": counter("UPDATE messages that were carried out."),
  "update-timeout": counter("UPDATE messages that got no answer in time."),
  "update-error": counter("UPDATE messages that were refused, or whose answer was of no use."),
};

const ofUpdater = {
  global: {
    "ncr-received": counter("Requests taken."),
    "ncr-invalid": counter("Datagrams that were no request."),
    "ncr-error": counter("Errors while receiving."),
    "queue-mgr-queue-full": counter("Requests not taken because too many were waiting."),
    ...updates,
    "update-signed": counter("UPDATE messages sent with a signature."),
    "update-unsigned": counter("UPDATE messages sent without a signature."),
  },
  subnet: {},
  pool: {},
};

const ofKey = { global: updates, subnet: {}, pool: {} };

/** As Kea's: the last value only. */
const ONE_SAMPLE: SampleLimit = { kind: "count", samples: 1 };

type KeyStatistics = Statistics<typeof ofKey>;

export class DdnsStatistics {
  readonly #updater: Statistics<typeof ofUpdater>;
  readonly #keys = new Map<string, KeyStatistics>();
  readonly #started: Seconds;

  constructor(now: Seconds) {
    this.#started = now;
    this.#updater = new Statistics(ofUpdater, now);
    this.#updater.limitSamples(ONE_SAMPLE);
    // Kea's is there once it has happened.
    this.#updater.global["queue-mgr-queue-full"].remove(now);
  }

  get global() {
    return this.#updater.global;
  }

  /** Of a key, made when first asked for. @param name as the configuration has it */
  key(name: string): KeyStatistics["global"] {
    const full = name.endsWith(".") ? name : `${name}.`;
    let statistics = this.#keys.get(full);
    if (statistics === undefined) {
      statistics = new Statistics(ofKey, this.#started);
      statistics.limitSamples(ONE_SAMPLE);
      this.#keys.set(full, statistics);
    }
    return statistics.global;
  }

  /** Its own, and what they are. */
  get metered(): readonly { readonly name: string; readonly doc: string; readonly value: number | bigint }[] {
    return Object.entries(ofUpdater.global).map(([name, { doc }]) => {
      return { name, doc, value: this.#updater.value(name) ?? 0 };
    });
  }

  /** The same of each key. */
  get meteredByKey() {
    return Object.entries(updates).map(([name, { doc }]) => {
      const values = Array.from(this.#keys, ([key, statistics]) => ({ key, value: statistics.value(name) ?? 0 }));
      return { name, doc, values };
    });
  }

  /** `ncr-received`, …, `key[NAME.].update-sent`, …. */
  *entries(): Generator<[name: string, statistic: Statistic]> {
    yield* this.#updater.entries();
    for (const [key, statistics] of this.#keys) {
      for (const [name, statistic] of statistics.entries()) yield [`key[${key}].${name}`, statistic];
    }
  }

  /** In the order of their names. */
  *read(): Generator<readonly ReadStatistic[]> {
    const entries = [...this.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
    yield entries.map(([name, statistic]) => [name, statistic.samples()]);
  }

  find(name: string): Statistic | undefined {
    const [, key, last] = /^key\[(.*)\]\.([^.]*)$/.exec(name) ?? [];
    if (key === undefined || last === undefined) return this.#updater.find(name);
    return this.#keys.get(key)?.find(last);
  }

  limitSamples(limit: SampleLimit): void {
    for (const statistics of [this.#updater, ...this.#keys.values()]) statistics.limitSamples(limit);
  }
}
