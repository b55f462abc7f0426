/** `statistic-get-all`. */
import { z } from "zod";
import type { Sample } from "../../../stats/statistic.ts";
import { found } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import { type Json, JsonEntries, type JsonEntry } from "../../kea-json.ts";
import { type StatisticsContext, writeSamples } from "../../statistics-context.ts";

export const statisticGetAll = defineCommand({
  name: "statistic-get-all",
  access: "read",
  summary:
    "Returns every statistic that Kea 2.6.3 has, in the form of `statistic-get`. Statistics of later versions, " +
    "such as the drops by cause, are returned by `statistic-get` only, because some readers of this list fail at " +
    "names that they do not know.",
  arguments: z.object({}),
  examples: [{ answer: { arguments: { "pkt4-received": [[125, "2027-01-15 08:00:00.123456"]] }, result: 0 } }],
  run(_, { statistics }: StatisticsContext) {
    return found(new JsonEntries(written(statistics)));
  },
});

/** Those of one subnet at a time. Most of ten thousand subnets are idle, and their statistics have one history. */
function* written(statistics: StatisticsContext["statistics"]): Generator<readonly JsonEntry[]> {
  let last: { readonly samples?: readonly Sample[]; readonly written?: Json } = {};
  for (const read of statistics.read()) {
    const entries = read.map(([name, samples]): JsonEntry => {
      if (samples !== last.samples) last = { samples, written: writeSamples(samples) };
      return [name, last.written];
    });
    if (entries.length > 0) yield entries;
  }
}
