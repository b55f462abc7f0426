/** What extensions tell Prometheus. */
import type { ExtensionMetric } from "@kotare/extension";
import type { Metric } from "../../control/metrics/metric.ts";
import type { Extensions } from "../start-extensions.ts";

/** One that has a fault tells nothing: the daemon's own metrics are more important. */
export function metricsOf(extensions: Extensions): readonly Metric[] {
  return extensions.flatMap((extension) => {
    try {
      return extension.call("metrics", () => extension.contributions.metrics?.() ?? []).map(metricOf);
    } catch {
      return [];
    }
  });
}

function metricOf({ type, name, help, samples }: ExtensionMetric): Metric {
  const told = samples.map(({ labels = {}, value }) => ({ labels, value }));
  return { type, name, help, samples: () => [told] };
}
