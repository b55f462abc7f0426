/** A row of the benchmark's table. */
import type { Family } from "../subject/server.ts";

/** How long and how often to measure. */
export interface Effort {
  /** Seconds of one measurement. */
  readonly seconds: number;
  /** Measurements whose median counts. */
  readonly repeats: number;
  /** Leases of the large lease file. */
  readonly leases: number;
  /** Shares of the large configurations: 1 is what the table promises. */
  readonly scale: number;
}

export const FULL: Effort = { seconds: 6, repeats: 3, leases: 1_000_000, scale: 1 };
export const QUICK: Effort = { seconds: 2, repeats: 1, leases: 50_000, scale: 0.05 };

export interface Measured {
  readonly measure: string;
  readonly unit: string;
  /** By variant, or by the two cases that are compared. */
  readonly values: Readonly<Record<string, number>>;
  readonly ratio: number;
  /** What the ratio, or the value, must reach; a text for the reader and whether it does. */
  readonly target: string;
  readonly met: boolean;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export function medians(measured: ReadonlyMap<string, readonly number[]>): Record<string, number> {
  return Object.fromEntries([...measured].map(([name, values]) => [name, median(values)]));
}

export interface Row {
  /** `undefined` for what has none: the DNS updater. */
  readonly family: Family | undefined;
  /** How it is asked for on the command line. */
  readonly name: string;
  measure(effort: Effort, say: (line: string) => void): Promise<readonly Measured[]>;
}
