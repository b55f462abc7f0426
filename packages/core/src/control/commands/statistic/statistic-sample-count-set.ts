/** `statistic-sample-count-set`. */
import { z } from "zod";
import { defineCommand } from "../../command.ts";
import { type StatisticsContext, withStatistic } from "../../statistics-context.ts";
import { maxSamples, statisticName } from "./statistic-arguments.ts";

export const statisticSampleCountSet = defineCommand({
  name: "statistic-sample-count-set",
  access: "write",
  summary: "Keeps so many values of a statistic; this takes the place of a limit by age.",
  arguments: z.object({ name: statisticName, "max-samples": maxSamples }),
  examples: [
    {
      arguments: { name: "pkt4-received", "max-samples": 100 },
      answer: { result: 0, text: "Statistic 'pkt4-received' count limit is set." },
    },
  ],
  run({ name, "max-samples": samples }, context: StatisticsContext) {
    const limit = { kind: "count", samples } as const;
    return withStatistic(context, name, (each) => each.limitSamples(limit), `Statistic '${name}' count limit is set.`);
  },
});
