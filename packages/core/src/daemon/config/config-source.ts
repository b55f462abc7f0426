/** Where parts of a configuration come from beside its file, and how often that is looked at. */
import type { Milliseconds } from "../../base/clock.ts";
import { Timer } from "../../base/timer.ts";
import type { FollowedConfig } from "../../config-database/config-follower.ts";
import type { SourceState } from "../../control/daemon-context.ts";
import type { Metric } from "../../control/metrics/metric.ts";

export interface ConfigSource<Config> extends SourceState {
  /**
   * The file's configuration with what its source has for it. Waits at a start until that can be had.
   * @param meanwhile what is done while the source answers, or at once where there is none
   * @throws Error in words
   */
  complete(config: Config, meanwhile?: () => Promise<unknown>): Promise<FollowedConfig<Config>>;
  /** Another one where something has changed. @param current the one in force @throws Error in words */
  pull(current: Config): Promise<FollowedConfig<Config> | undefined>;
  /** Milliseconds from one look at it to the next; `undefined` for none. */
  readonly interval: number | undefined;
  /** None where there is no source. */
  metrics(): readonly Metric[];
  close(): Promise<void>;
}

/** An interval may become shorter while it lasts. */
const TICK: Milliseconds = 1000;

/** Looks at the source again and again, until it is disposed of. @param pull tells itself what fails */
export function pullRegularly(
  source: Pick<ConfigSource<never>, "interval">,
  pull: () => Promise<unknown>,
  now = () => performance.now(),
): Disposable {
  let isOver = false;
  let last = now();
  let timer: Timer | undefined;
  const wait = () => {
    const left = source.interval === undefined ? TICK : last + source.interval - now();
    if (!isOver) timer = Timer.after(Math.min(left, TICK), () => void look()).unref();
  };
  const look = async () => {
    const began = now();
    const { interval } = source;
    if (interval !== undefined && began - last >= interval) {
      await pull().catch(() => {});
      // A change is seen an interval after it at the most; but a source that is slow has rests between.
      last = now() - began < interval ? began : now();
    }
    wait();
  };
  wait();
  return {
    [Symbol.dispose]() {
      isOver = true;
      timer?.stop();
    },
  };
}
