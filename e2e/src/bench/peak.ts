/** The highest rate of exchanges that a server sustains. */

import type { Result } from "../load/load.ts";
import type { LoadBed } from "./bed.ts";
import type { Crowd } from "./family.ts";
import { type Effort, median } from "./row.ts";

const ACCEPTABLE_DROPS = 0.01;

/** Enough for a just-in-time compiler to have seen everything, and for files and memory to be warm. */
export async function warmUp(bed: LoadBed, effort: Effort, crowd: Crowd = bed.family.large.crowd): Promise<void> {
  await bed.load({ rate: 2000, seconds: Math.max(2, effort.seconds / 2), crowd });
}

/** Whether dhcp-load kept up and the server lost almost nothing. */
export function isSustained(result: Pick<Result, "offered" | "dropRatio">, rate: number, seconds: number): boolean {
  return result.dropRatio <= ACCEPTABLE_DROPS && result.offered >= 0.97 * rate * seconds;
}

/**
 * Searches the highest rate with at most 1 % drops, to within 5 %. A rate that fails is tried once more: the machine
 * may have been busy elsewhere.
 * @param first a rate to begin with, e.g. that of the search before
 * @returns the completed exchanges per second there; 0 when even 100/s are too many
 */
export async function findPeak(
  bed: LoadBed,
  effort: Effort,
  say: (line: string) => void,
  { first = 6000, crowd = bed.family.large.crowd } = {},
): Promise<number> {
  const { seconds } = effort;
  return await searchRate(first, async (rate) => {
    let result = await bed.load({ rate, seconds, crowd });
    if (!isSustained(result, rate, seconds)) result = await bed.load({ rate, seconds, crowd });
    const completed = result.completed / seconds;
    say(`  ${rate}/s offered: ${Math.round(completed)}/s completed, ${(100 * result.dropRatio).toFixed(2)} % dropped`);
    return isSustained(result, rate, seconds) ? completed : undefined;
  });
}

/**
 * Searches the highest rate that is sustained, to within 5 %.
 * @param attempt what comes of a rate; `undefined` when it is too much
 * @returns the most that came of any; 0 when even 100/s are too many
 */
export async function searchRate(
  first: number,
  attempt: (rate: number) => Promise<number | undefined>,
): Promise<number> {
  let best = 0;
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  for (let rate = first; rate >= 100 && high > 1.05 * low; ) {
    const sustained = await attempt(rate);
    if (sustained !== undefined) {
      low = rate;
      best = Math.max(best, sustained);
      rate = Math.round(high === Number.POSITIVE_INFINITY ? low * 1.5 : (low + high) / 2);
    } else {
      high = rate;
      rate = Math.round(low === 0 ? high / 1.5 : (low + high) / 2);
    }
  }
  return best;
}

/** The median of `effort.repeats` searches, each begun where the first ended. */
export async function medianPeak(
  bed: LoadBed,
  effort: Effort,
  say: (line: string) => void,
  crowd: Crowd,
): Promise<number> {
  const peaks: number[] = [];
  for (let i = 0; i < effort.repeats; i++) {
    peaks.push(await findPeak(bed, effort, say, { first: Math.round(peaks[0] || 6000), crowd }));
  }
  return median(peaks);
}
