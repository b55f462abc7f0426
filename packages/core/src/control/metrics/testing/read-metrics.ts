/** Reads the text format 0.0.4 of Prometheus, with no patience: what its own reader and its `promtool check metrics` object to is an error. */

export interface ReadMetric {
  readonly type: string;
  readonly help: string;
  /** By name and labels, as they are written. */
  readonly samples: ReadonlyMap<string, number>;
}

const SAMPLE =
  /^([a-z_:][a-z0-9_:]*)(?:\{([a-z_]+="(?:[^"\\\n]|\\[\\"n])*"(?:,[a-z_]+="(?:[^"\\\n]|\\[\\"n])*")*)\})? (\S+)$/;

/** @throws where it breaks a rule of the format, or of how metrics are named */
export function readMetrics(text: string): Map<string, ReadMetric> {
  if (!text.endsWith("\n")) throw new Error("the last line has no end");
  const metrics = new Map<string, ReadMetric>();
  const lines = text.slice(0, -1).split("\n");
  for (let at = 0; at < lines.length; ) {
    const [, name = "", help = ""] = /^# HELP ([a-z_:][a-z0-9_:]*) (.+)$/.exec(lines[at]!) ?? [];
    const [, typed, type = ""] = /^# TYPE (\S+) (counter|gauge|histogram|untyped)$/.exec(lines[at + 1] ?? "") ?? [];
    if (name === "" || typed !== name) throw new Error(`no metric begins with ${lines[at]}`);
    if (metrics.has(name)) throw new Error(`${name} comes twice`);
    checkName(name, type);
    const samples = new Map<string, number>();
    for (at += 2; at < lines.length && !lines[at]!.startsWith("#"); at++) {
      const [, full, labels = "", written = ""] = SAMPLE.exec(lines[at]!) ?? [];
      if (full === undefined) throw new Error(`no sample: ${lines[at]}`);
      const parts = type === "histogram" ? ["_bucket", "_sum", "_count"] : [""];
      if (!parts.some((part) => full === name + part)) throw new Error(`${full} stands under ${name}`);
      const key = labels === "" ? full : `${full}{${labels}}`;
      if (samples.has(key)) throw new Error(`${key} comes twice`);
      const value = Number(written);
      if (Number.isNaN(value) || (type === "counter" && value < 0)) throw new Error(`${key} is ${written}`);
      samples.set(key, value);
    }
    if (samples.size === 0) throw new Error(`${name} has no samples`);
    if (type === "histogram") checkHistogram(name, samples);
    metrics.set(name, { type, help, samples });
  }
  return metrics;
}

function checkName(name: string, type: string): void {
  const isTotal = name.endsWith("_total");
  if (type === "counter" ? !isTotal : isTotal && type !== "untyped") throw new Error(`${name} is a ${type}`);
}

function checkHistogram(name: string, samples: ReadonlyMap<string, number>): void {
  const buckets = [...samples].filter(([key]) => key.startsWith(`${name}_bucket`));
  const bounds = buckets.map(([key]) => Number(/le="([^"]+)"/.exec(key)?.[1]?.replace("+Inf", "Infinity")));
  const counts = [...buckets.map(([, count]) => count), samples.get(`${name}_count`)];
  for (let i = 1; i < counts.length; i++) if (!(counts[i]! >= counts[i - 1]!)) throw new Error(`${name} goes down`);
  for (let i = 1; i < bounds.length; i++) if (!(bounds[i]! > bounds[i - 1]!)) throw new Error(`${name} has no order`);
  if (bounds.at(-1) !== Infinity || counts.at(-1) !== counts.at(-2)) throw new Error(`${name} does not end`);
  if (!samples.has(`${name}_sum`)) throw new Error(`${name} has no sum`);
}
