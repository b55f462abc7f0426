/** `statistic-global-get-all`. */
import { z } from "zod";
import { found } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import type { DhcpContext } from "../../dhcp-context.ts";
import { JsonEntries } from "../../kea-json.ts";
import { writeSamples } from "../../statistics-context.ts";

export const statisticGlobalGetAll = defineCommand({
  name: "statistic-global-get-all",
  access: "read",
  summary:
    "Returns what `statistic-get-all` returns, without the statistics of subnets and pools. The answer stays " +
    "short for any number of subnets.",
  arguments: z.object({}),
  examples: [{ answer: { arguments: { "pkt4-received": [[125, "2027-01-15 08:00:00.123456"]] }, result: 0 } }],
  run(_, { statistics }: DhcpContext) {
    return found(new JsonEntries([statistics.readGlobal().map(([name, samples]) => [name, writeSamples(samples)])]));
  },
});
