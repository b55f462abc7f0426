/** What Prometheus is told of extensions. */
import type { ExtensionMetric } from "@kotare/extension";
import { expect, it } from "vitest";
import { ManualClock } from "../../base/clock.ts";
import { writeMetrics } from "../../control/metrics/metric.ts";
import { RecordingLogger } from "../../log/testing/recording-logger.ts";
import { RunningExtension } from "../running-extension.ts";
import { metricsOf } from "./extension-metrics.ts";

function running(metrics: () => readonly ExtensionMetric[]): RunningExtension {
  return new RunningExtension("test", { metrics }, new RecordingLogger(), new ManualClock());
}

it("each tells its own, and one that fails nothing", () => {
  const samples = [{ value: 7 }, { labels: { of: "b" }, value: 8 }];
  const telling = running(() => [{ type: "gauge", name: "x", help: "X.", samples }]);
  const failing = running(() => {
    throw new Error("planted");
  });
  const written = [...writeMetrics(metricsOf([failing, telling]))].join("");
  expect(written).toBe('# HELP x X.\n# TYPE x gauge\nx 7\nx{of="b"} 8\n');
});
