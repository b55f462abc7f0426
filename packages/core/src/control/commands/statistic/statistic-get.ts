/** `statistic-get`. */
import { z } from "zod";
import { found } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import { type StatisticsContext, writeSamples } from "../../statistics-context.ts";
import { statisticName } from "./statistic-name.ts";

export const statisticGet = defineCommand({
  name: "statistic-get",
  access: "read",
  summary:
    "Returns the last values of one statistic with their times, the newest first. For an unknown name it returns " +
    "nothing.",
  arguments: z.object({ name: statisticName }),
  examples: [
    {
      arguments: { name: "pkt4-received" },
      answer: { arguments: { "pkt4-received": [[125, "2027-01-15 08:00:00.123456"]] }, result: 0 },
    },
  ],
  run({ name }, { statistics }: StatisticsContext) {
    const statistic = statistics.find(name);
    return found(statistic === undefined ? {} : { [name]: writeSamples(statistic.samples()) });
  },
});
