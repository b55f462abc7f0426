/** Where parts of a configuration come from beside its file, and how often that is looked at. */
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

/** How often is looked whether it is time. */
const TICK = 1000;

/** Looks at the source again and again, until it is disposed of. @param pull tells itself what fails */
export function pullRegularly(
  source: Pick<ConfigSource<never>, "interval">,
  pull: () => Promise<unknown>,
  now = () => performance.now(),
): Disposable {
  let last = now();
  let isPulling = false;
  const timer = setInterval(async () => {
    if (isPulling || source.interval === undefined || now() - last < source.interval) return;
    isPulling = true;
    await pull().catch(() => {});
    isPulling = false;
    last = now();
  }, TICK).unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
