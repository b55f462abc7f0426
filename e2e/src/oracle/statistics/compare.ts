/** Where the statistics of two subjects differ after the same history. */
import type { Statistics } from "./history.ts";

/** One statistic that changes differently in a chapter, or that only one of the two has. */
export interface StatisticFinding {
  readonly history: string;
  readonly chapter: string;
  readonly name: string;
  readonly kea: string;
  readonly kotare: string;
}

export interface StatisticDifference {
  /** All of the name. */
  readonly name: RegExp;
  /** In all when left out. */
  readonly chapters?: readonly string[];
  /** Only where this one has no such statistic; where that is Kea, ours must be zero. */
  readonly absent?: "kea" | "kotare";
  /** How ours must have changed: `+1`, `0`. */
  readonly ours?: string;
  readonly reason: string;
}

type Run = ReadonlyMap<string, Statistics>;

export function compareStatistics(history: string, kea: Run, kotare: Run): StatisticFinding[] {
  const findings: StatisticFinding[] = [];
  let before: readonly [Statistics, Statistics] = [new Map(), new Map()];
  for (const [chapter, theirs] of kea) {
    const ours = kotare.get(chapter) ?? new Map();
    for (const name of new Set([...theirs.keys(), ...ours.keys()])) {
      // What one of them did not have before is compared as a whole.
      const isKnown = before.every((each) => each.has(name));
      const [a, b] = [theirs, ours].map((after, i) =>
        describe(after.get(name), isKnown ? before[i]!.get(name) : undefined),
      );
      if (a !== b) findings.push({ history, chapter, name, kea: a!, kotare: b! });
    }
    before = [theirs, ours];
  }
  return findings;
}

function describe(value: bigint | undefined, before: bigint | undefined): string {
  if (value === undefined) return "absent";
  if (before === undefined) return String(value);
  return value > before ? `+${value - before}` : String(value - before);
}

export function covers(
  { name, chapters, absent, ours }: StatisticDifference,
  { chapter, name: found, kea, kotare }: StatisticFinding,
): boolean {
  if (!new RegExp(`^(?:${name.source})$`).test(found) || chapters?.includes(chapter) === false) return false;
  if (ours !== undefined && kotare !== ours) return false;
  if (absent === "kea") return kea === "absent" && kotare === "0";
  return absent === undefined || kotare === "absent";
}
