/** Notices when the main loop was held: everything that serves packets waits for it. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Milliseconds } from "../../base/clock.ts";
import type { Logger } from "../../log/logger.ts";
import { daemonMessages } from "../messages.ts";

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

export interface StallWatch extends Disposable {
  /** The longest that the main loop was held in this period and the one before. */
  longest(): Milliseconds;
}

export function watchStalls(
  logger: Logger,
  histogram: DelayHistogram = monitorEventLoopDelay({ resolution: RESOLUTION }),
): StallWatch {
  histogram.enable();
  let before: Milliseconds = 0;
  // The histogram holds the times between two runs of its timer.
  const heldNow = () => Math.max(0, histogram.max / 1e6 - RESOLUTION);
  const timer = setInterval(() => {
    before = heldNow();
    histogram.reset();
    const milliseconds = Math.round(before);
    if (milliseconds > STALL) logger.log(daemonMessages.DAEMON_STALLED, { milliseconds });
  }, PERIOD).unref();
  return {
    longest: () => Math.max(before, heldNow()),
    [Symbol.dispose]: () => {
      clearInterval(timer);
      histogram.disable();
    },
  };
}
