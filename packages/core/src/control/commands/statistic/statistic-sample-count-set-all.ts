/** `statistic-sample-count-set-all`. */
import { z } from "zod";
import { done } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import type { StatisticsContext } from "../../statistics-context.ts";
import { maxSamples } from "./statistic-arguments.ts";

export const statisticSampleCountSetAll = defineCommand({
  name: "statistic-sample-count-set-all",
  access: "write",
  summary: "As `statistic-sample-count-set`, for all statistics.",
  arguments: z.object({ "max-samples": maxSamples }),
  examples: [{ arguments: { "max-samples": 100 }, answer: { result: 0, text: "All statistics count limit are set." } }],
  run({ "max-samples": samples }, { statistics }: StatisticsContext) {
    statistics.limitSamples({ kind: "count", samples });
    return done("All statistics count limit are set.");
  },
});
