/** `statistic-reset`. */
import { z } from "zod";
import { defineCommand } from "../../command.ts";
import { type StatisticsContext, withStatistic } from "../../statistics-context.ts";
import { statisticName } from "./statistic-arguments.ts";

export const statisticReset = defineCommand({
  name: "statistic-reset",
  access: "write",
  summary:
    "Sets a counter to zero. What tells how many there are now, of addresses or leases, stays: Kea's would be wrong from then on.",
  arguments: z.object({ name: statisticName }),
  examples: [{ arguments: { name: "pkt4-received" }, answer: { result: 0, text: "Statistic 'pkt4-received' reset." } }],
  run({ name }, context: StatisticsContext) {
    return withStatistic(context, name, (each) => each.reset(context.now()), `Statistic '${name}' reset.`);
  },
});
