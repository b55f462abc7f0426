/** A metric, and how it is written: the text format 0.0.4 of Prometheus. */
import type { Histogram } from "../../stats/histogram.ts";

export interface Metric {
  readonly name: string;
  /** `untyped` is what goes up and down under a name in `_total`, as the dashboards of others have it. */
  readonly type: "counter" | "gauge" | "histogram" | "untyped";
  readonly help: string;
  /** A few at a time, so that there is room for packets between them. */
  samples(): Iterable<readonly MetricSample[]>;
}

export interface MetricSample {
  /** Put behind the name: what of a histogram it is. */
  readonly part?: "_bucket" | "_sum" | "_count";
  /** Labels that many have, once they are written. They come first. */
  readonly place?: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number | bigint;
}

/** One that has one sample. */
export function single(
  type: "counter" | "gauge",
  name: string,
  help: string,
  value: number | bigint,
  labels: MetricSample["labels"] = {},
): Metric {
  return { name, type, help, samples: () => [[{ labels, value }]] };
}

export function histogram(name: string, help: string, { bounds, counts, sum }: Histogram): Metric {
  let count = 0;
  const buckets = counts.map((each, i): MetricSample => {
    count += each;
    return { part: "_bucket", labels: { le: i < bounds.length ? `${bounds[i]}` : "+Inf" }, value: count };
  });
  const all: MetricSample[] = [
    ...buckets,
    { part: "_sum", labels: {}, value: sum },
    { part: "_count", labels: {}, value: count },
  ];
  return { name, type: "histogram", help, samples: () => [all] };
}

/** @returns pieces, each a few whole lines, one character a byte; nothing of a metric that has no samples */
export function* writeMetrics(metrics: Iterable<Metric>): Generator<string> {
  for (const { name, type, help, samples } of metrics) {
    let head = `# HELP ${name} ${escaped(help)}\n# TYPE ${name} ${type}\n`;
    for (const some of samples()) {
      let lines = "";
      for (const { part = "", place = "", labels, value } of some) {
        const all = writeLabels(labels, place);
        lines += `${name}${part}${all === "" ? "" : `{${all}}`} ${value}\n`;
      }
      // A piece is given for samples that are left out, too: looking for them takes its time.
      yield lines === "" ? "" : head + lines;
      if (lines !== "") head = "";
    }
  }
}

/** @param before what stands before them */
export function writeLabels(labels: MetricSample["labels"], before = ""): string {
  let written = before;
  for (const name in labels) {
    const value = labels[name]!;
    const text = typeof value === "number" ? value : escaped(value).replaceAll('"', '\\"');
    written += `${written === "" ? "" : ","}${name}="${text}"`;
  }
  return written;
}

/** Almost all texts: there are 100,000 in the metrics of 10,000 subnets. */
const PLAIN = /^[\x20-\x5b\x5d-\x7e]*$/;

/** The format is UTF-8. */
function escaped(text: string): string {
  if (PLAIN.test(text)) return text;
  return Buffer.from(text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")).toString("latin1");
}
