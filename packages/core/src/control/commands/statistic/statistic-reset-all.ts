/** `statistic-reset-all`. */
import { z } from "zod";
import { done } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import type { StatisticsContext } from "../../statistics-context.ts";

export const statisticResetAll = defineCommand({
  name: "statistic-reset-all",
  access: "write",
  summary: "Sets all counters to zero, as `statistic-reset` does.",
  arguments: z.object({}),
  examples: [{ answer: { result: 0, text: "All statistics reset to neutral values." } }],
  run(_, { statistics, now }: StatisticsContext) {
    for (const [, statistic] of statistics.entries()) statistic.reset(now());
    return done("All statistics reset to neutral values.");
  },
});
