/** `statistic-remove`. */
import { z } from "zod";
import { defineCommand } from "../../command.ts";
import { type StatisticsContext, withStatistic } from "../../statistics-context.ts";
import { statisticName } from "./statistic-arguments.ts";

export const statisticRemove = defineCommand({
  name: "statistic-remove",
  access: "write",
  summary: "Sets a counter to zero, and lists the statistic no more until it changes again.",
  arguments: z.object({ name: statisticName }),
  examples: [
    { arguments: { name: "pkt4-received" }, answer: { result: 0, text: "Statistic 'pkt4-received' removed." } },
  ],
  run({ name }, context: StatisticsContext) {
    return withStatistic(context, name, (each) => each.remove(context.now()), `Statistic '${name}' removed.`);
  },
});
