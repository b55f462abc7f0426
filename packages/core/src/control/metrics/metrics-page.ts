/** `GET /metrics`: what Prometheus asks for. */
import { slicesOf } from "../channel/slices.ts";
import type { Page } from "../http/pages/page.ts";
import { type Metric, writeMetrics } from "./metric.ts";

/** Its path, and the word of a user's access. */
export const METRICS = "/metrics";

const HEADERS = { "Content-Type": "text/plain; version=0.0.4; charset=utf-8", "Cache-Control": "no-store" };

/** @param read asked for each request */
export function metricsPage(read: () => Promise<readonly Metric[]>): Page {
  return {
    access: METRICS,
    answer: async () => ({ headers: HEADERS, pieces: slicesOf(writeMetrics(await read())) }),
  };
}
