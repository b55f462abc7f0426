/** `statistic-remove-all`. */
import { z } from "zod";
import { done } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import type { StatisticsContext } from "../../statistics-context.ts";

export const statisticRemoveAll = defineCommand({
  name: "statistic-remove-all",
  access: "write",
  summary: "Removes all statistics, as `statistic-remove` does. Kea calls it deprecated.",
  arguments: z.object({}),
  examples: [
    { answer: { result: 0, text: "Warning: statistic-remove-all command is deprecated. All statistics removed." } },
  ],
  run(_, { statistics, now }: StatisticsContext) {
    for (const [, statistic] of statistics.entries()) statistic.remove(now());
    return done("Warning: statistic-remove-all command is deprecated. All statistics removed.");
  },
});
