/** Time in which neither this process nor the machine has anything to do. */
import { availableParallelism, loadavg } from "node:os";
import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import type { Milliseconds } from "../../base/clock.ts";

/** Waits for a moment of it. @returns whether there was one: else there will be none any more */
export type SpareTime = () => Promise<boolean>;

/** Does the rest of a work in spare time. */
export type GoOn = (spare: SpareTime) => Promise<void>;

/** Nobody has asked for anything in it. */
const MOMENT: Milliseconds = 1;
/** Who finds somebody asking looks again then. */
const LATER: Milliseconds = 5;
/** Of a moment, in which little can be to do. */
const BUSY = 0.2;

/**
 * A busy machine has none: what is done in spare time costs others their processors there.
 * @param patience from now on; then there is none any more
 */
export function spareTime(
  signal: AbortSignal,
  patience: Milliseconds,
  isMachineBusy = loadavg()[0]! >= availableParallelism(),
): SpareTime {
  const end = performance.now() + patience;
  return async () => {
    while (!isMachineBusy && !signal.aborted && performance.now() < end) {
      const before = performance.eventLoopUtilization();
      await delay(MOMENT, undefined, { ref: false });
      if (performance.eventLoopUtilization(before).utilization < BUSY) return !signal.aborted;
      await delay(LATER, undefined, { ref: false });
    }
    return false;
  };
}
