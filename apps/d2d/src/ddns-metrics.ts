/** The metrics of the DNS updater: its statistics, those of each key, and its queue. */
import { type Metric, single } from "@kotare/core/control/metrics/metric";
import type { DdnsStatistics } from "./statistics.ts";

/** @param waiting requests that are not done with */
export function ddnsMetrics(statistics: DdnsStatistics, waiting: number): readonly Metric[] {
  const own = statistics.metered.map(({ name, doc, value }) => single("counter", nameOf(name), doc, value));
  const ofKeys = statistics.meteredByKey.map(({ name, doc, values }): Metric => {
    const samples = values.map(({ key, value }) => ({ labels: { key }, value }));
    return { name: nameOf(`key-${name}`), type: "counter", help: `By key: ${doc}`, samples: () => [samples] };
  });
  return [
    ...own,
    ...ofKeys,
    single("gauge", "kotare_d2_requests_waiting", "Requests that are not done with.", waiting),
  ];
}

function nameOf(statistic: string): string {
  return `kotare_d2_${statistic.replaceAll("-", "_")}_total`;
}
