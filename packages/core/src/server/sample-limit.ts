/** How many samples of each statistic are kept, as the configuration says. */
import type { Dhcp4Config } from "../config/dhcp4-config.ts";
import type { SampleLimit } from "../stats/statistic.ts";

type Limits = Pick<Dhcp4Config, "statistic-default-sample-count" | "statistic-default-sample-age">;

/** As in Kea the age counts where the number is 0, and what commands have set lasts until the next reload. */
export function sampleLimitOf(config: Limits): SampleLimit {
  const samples = config["statistic-default-sample-count"];
  return samples > 0 ? { kind: "count", samples } : { kind: "age", seconds: config["statistic-default-sample-age"] };
}
