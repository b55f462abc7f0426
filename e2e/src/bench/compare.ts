/** Rows that compare a server with itself, in two cases. */
import type { Server } from "../subject/server.ts";
import { Bed, type Variant } from "./bed.ts";
import type { BenchFamily } from "./family.ts";
import { warmUp } from "./peak.ts";
import { type Effort, type Measured, median } from "./row.ts";

export interface Compared {
  readonly plain: number;
  readonly other: number;
  readonly ratio: number;
}

/**
 * Measures two cases in turn, so that whatever else the machine does meets both.
 * @returns the medians of both, and that of the ratios of neighbours
 */
export async function compareInTurn(
  times: number,
  plain: () => Promise<number>,
  other: () => Promise<number>,
): Promise<Compared> {
  const pairs: [number, number][] = [];
  for (let i = 0; i < times; i++) {
    // The order changes: a machine that gets slower must not favour one.
    if (i % 2 === 0) {
      const first = await plain();
      pairs.push([first, await other()]);
    } else {
      const first = await other();
      pairs.push([await plain(), first]);
    }
  }
  return {
    plain: median(pairs.map(([each]) => each)),
    other: median(pairs.map(([, each]) => each)),
    ratio: median(pairs.map(([first, second]) => second / first)),
  };
}

/** Compares two servers, each on a bed of its own. Both run all the time: one that has nothing to do costs nothing. */
export async function compareSetups(
  family: BenchFamily,
  effort: Effort,
  startPlain: (bed: Bed) => Promise<Server>,
  startOther: (bed: Bed) => Promise<Server>,
  measure: (bed: Bed, server: Server) => Promise<number>,
): Promise<Compared> {
  await using plainBed = new Bed(family);
  await using otherBed = new Bed(family);
  const plain = await startPlain(plainBed);
  const other = await startOther(otherBed);
  for (const bed of [plainBed, otherBed]) await warmUp(bed, effort);
  // Awaited here: the beds must last as long.
  return await compareInTurn(
    2 * effort.repeats + 1,
    () => measure(plainBed, plain),
    () => measure(otherBed, other),
  );
}

/** The row of ratios that `compare` finds for each variant; ours, the first of them, counts. */
export async function compareVariants(
  row: { readonly measure: string; readonly target: string; isMet(ratio: number): boolean },
  variants: readonly Variant[],
  compare: (variant: Variant) => Promise<number>,
): Promise<readonly [Measured]> {
  const values: Record<string, number> = {};
  for (const variant of variants) values[variant.name] = await compare(variant);
  const ratio = values[variants[0]!.name]!;
  return [{ measure: row.measure, unit: "×", values, ratio, target: row.target, met: row.isMet(ratio) }];
}
