/** `statistic-get-all`. */
import { z } from "zod";
import { found } from "../answer.ts";
import { defineCommand } from "../command.ts";
import { type Json, JsonEntries } from "../kea-json.ts";
import { type StatisticsContext, writeSamples } from "../statistics-context.ts";

export const statisticGetAll = defineCommand({
  name: "statistic-get-all",
  access: "read",
  summary:
    "Returns every statistic that Kea 2.6.3 would, as `statistic-get` does. Those of later versions, such as the drops " +
    "by their causes, are told by `statistic-get` only: there are readers of this list that fail at names they do not know.",
  arguments: z.object({}),
  examples: [{ answer: { arguments: { "pkt4-received": [[125, "2027-01-15 08:00:00.123456"]] }, result: 0 } }],
  run(_, { statistics }: StatisticsContext) {
    return found(new JsonEntries(written(statistics)));
  },
});

function* written(statistics: StatisticsContext["statistics"]): Generator<[name: string, samples: Json]> {
  for (const [name, samples] of statistics.read()) yield [name, writeSamples(samples)];
}
