/** `statistic-sample-age-set-all`. */
import { z } from "zod";
import { done } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import type { StatisticsContext } from "../../statistics-context.ts";
import { duration } from "./statistic-arguments.ts";

export const statisticSampleAgeSetAll = defineCommand({
  name: "statistic-sample-age-set-all",
  access: "write",
  summary: "As `statistic-sample-age-set`, for all statistics.",
  arguments: z.object({ duration }),
  examples: [{ arguments: { duration: 1245 }, answer: { result: 0, text: "All statistics duration limit are set." } }],
  run({ duration: seconds }, { statistics }: StatisticsContext) {
    statistics.limitSamples({ kind: "age", seconds });
    return done("All statistics duration limit are set.");
  },
});
