/** `statistic-sample-age-set`. */
import { z } from "zod";
import { defineCommand } from "../../command.ts";
import { type StatisticsContext, withStatistic } from "../../statistics-context.ts";
import { duration, statisticName } from "./statistic-arguments.ts";

export const statisticSampleAgeSet = defineCommand({
  name: "statistic-sample-age-set",
  access: "write",
  summary: "Keeps the values of a statistic for so long; this takes the place of a limit by number.",
  arguments: z.object({ name: statisticName, duration }),
  examples: [
    {
      arguments: { name: "pkt4-received", duration: 1245 },
      answer: { result: 0, text: "Statistic 'pkt4-received' duration limit is set." },
    },
  ],
  run({ name, duration: seconds }, context: StatisticsContext) {
    const limit = { kind: "age", seconds } as const;
    return withStatistic(
      context,
      name,
      (each) => each.limitSamples(limit),
      `Statistic '${name}' duration limit is set.`,
    );
  },
});
