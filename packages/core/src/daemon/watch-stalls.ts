/** Notices when the main loop was held: everything that serves packets waits for it. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Milliseconds } from "../base/clock.ts";
import type { Logger } from "../log/logger.ts";
import { daemonMessages } from "./messages.ts";

/** The histogram's own timer, in the addon of Node: a measurement costs no JavaScript. */
const RESOLUTION: Milliseconds = 5;
/** What counts as a stall. Shorter ones cannot be told from the resolution. */
const STALL: Milliseconds = 10;
/** The longest stall of this time is told, once. */
const PERIOD: Milliseconds = 10_000;

/** The part of Node's histogram that is used; `max` in nanoseconds. */
export interface DelayHistogram {
  readonly max: number;
  enable(): unknown;
  disable(): unknown;
  reset(): void;
}

/** @param onStall told of the longest of each period, for a statistic */
export function watchStalls(
  logger: Logger,
  onStall: (milliseconds: Milliseconds) => void = () => {},
  histogram: DelayHistogram = monitorEventLoopDelay({ resolution: RESOLUTION }),
): Disposable {
  histogram.enable();
  const timer = setInterval(() => {
    // The histogram holds the times between two runs of its timer.
    const held = Math.round(histogram.max / 1e6) - RESOLUTION;
    histogram.reset();
    if (held <= STALL) return;
    onStall(held);
    logger.log(daemonMessages.DAEMON_STALLED, { milliseconds: held });
  }, PERIOD).unref();
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer);
      histogram.disable();
    },
  };
}
