/** The highest rate of exchanges that a server sustains. */
import { type Bed, median } from "./bed.ts";
import type { Load, Result } from "./perfdhcp.ts";
import type { Effort } from "./row.ts";

const ACCEPTABLE_DROPS = 0.01;

/** Enough for a just-in-time compiler to have seen everything, and for files and memory to be warm. */
export async function warmUp(bed: Bed, effort: Effort, load: Partial<Load> = {}): Promise<void> {
  await bed.load({ rate: 2000, seconds: Math.max(2, effort.seconds / 2), ...load });
}

/**
 * Searches the highest rate with at most 1 % drops, in steps of 5 %.
 * @param first a rate to begin with, e.g. that of the search before
 * @returns the completed exchanges per second there
 */
export async function findPeak(
  bed: Bed,
  effort: Effort,
  first: number,
  say: (line: string) => void,
  more: Partial<Load> = {},
): Promise<number> {
  let best: Result | undefined;
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let rate = first;
  while (high / Math.max(low, 1) > 1.05) {
    const result = await bed.load({ rate, seconds: effort.seconds, ...more });
    // perfdhcp itself may not keep up: then it has found no drops but its own limit.
    const sustained = result.dropRatio <= ACCEPTABLE_DROPS && result.offered >= 0.97 * rate * effort.seconds;
    const drops = (100 * result.dropRatio).toFixed(2);
    say(`  ${rate}/s offered: ${Math.round(result.completed / effort.seconds)}/s completed, ${drops} % dropped`);
    if (sustained) {
      low = rate;
      best = best === undefined || result.completed > best.completed ? result : best;
    } else {
      high = rate;
    }
    rate = Math.round(high === Number.POSITIVE_INFINITY ? low * 1.5 : low === 0 ? high / 1.5 : (low + high) / 2);
    if (rate < 100) break;
  }
  return best === undefined ? 0 : best.completed / effort.seconds;
}

/** The median of `effort.repeats` searches, each near where the one before ended. */
export async function medianPeak(
  bed: Bed,
  effort: Effort,
  say: (line: string) => void,
  more: Partial<Load> = {},
): Promise<number> {
  const peaks: number[] = [];
  for (let i = 0; i < effort.repeats; i++)
    peaks.push(await findPeak(bed, effort, Math.round(peaks[0] ?? 6000), say, more));
  return median(peaks);
}
