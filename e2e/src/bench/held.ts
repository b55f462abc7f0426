/** The measure of how long a turn of the main loop takes. */
import { kotare } from "./bed.ts";
import type { Measured } from "./row.ts";

/** By the clock it would be told of each time that another program, or another machine on this hardware, has the processor. */
export function heldRow(meanwhile: string, turns: readonly number[], most: number): Measured {
  const longest = Math.max(0, ...turns);
  return {
    measure: `most processor time of a turn of the main loop ${meanwhile}`,
    unit: "ms",
    values: { [kotare.name]: longest },
    ratio: longest,
    target: `≤ ${most} ms`,
    met: longest <= most,
  };
}
