import { describe, expect, it } from "vitest";
import { Histogram } from "../../stats/histogram.ts";
import { histogram, type Metric, single, writeMetrics } from "./metric.ts";
import { readMetrics } from "./testing/read-metrics.ts";

const written = (...metrics: readonly Metric[]) => [...writeMetrics(metrics)].join("");

describe("the text that Prometheus reads", () => {
  it("has a head for each metric, and a line for each sample", () => {
    expect(
      written(single("gauge", "a", "What it is.", 7), single("counter", "b_total", "B.", 2n ** 64n, { id: 1 })),
    ).toBe(
      [
        "# HELP a What it is.\n# TYPE a gauge\na 7\n",
        '# HELP b_total B.\n# TYPE b_total counter\nb_total{id="1"} 18446744073709551616\n',
      ].join(""),
    );
  });

  it("has what stands in a label escaped, in UTF-8", () => {
    const text = written(single("gauge", "a", "a\\b\nc", 1, { name: 'a"\\\n\u00e4' }));
    expect(Buffer.from(text, "latin1").toString()).toContain('a{name="a\\"\\\\\\n\u00e4"} 1');
    expect(text).toContain("# HELP a a\\\\b\\nc\n");
    readMetrics(text);
  });

  it("has nothing of a metric without samples", () => {
    expect(written({ name: "a", type: "gauge", help: "A.", samples: () => [[], []] })).toBe("");
  });

  it("counts in a bucket all that is not more than its bound", () => {
    const times = new Histogram([1, 2.5]);
    for (const value of [0.5, 1, 2, 7]) times.add(value);
    const { samples } = readMetrics(written(histogram("t", "T.", times))).get("t")!;
    expect(Object.fromEntries(samples)).toEqual({
      't_bucket{le="1"}': 2,
      't_bucket{le="2.5"}': 3,
      't_bucket{le="+Inf"}': 4,
      t_sum: 10.5,
      t_count: 4,
    });
  });
});
