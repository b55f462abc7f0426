/** `lease6-get-by-duid`. */
import { z } from "zod";
import { defineCommand } from "../command.ts";
import { answerClient } from "../leases/answer-leases.ts";
import { decideOnLeases } from "../leases/decide-on-leases.ts";
import { exampleList } from "../leases/example-leases.ts";
import type { LeaseContext6 } from "../leases/lease-context.ts";
import { duid } from "../leases/lease-fields.ts";

export const lease6GetByDuid = defineCommand({
  name: "lease6-get-by-duid",
  access: "read",
  summary: "Returns all leases of a DUID, addresses and prefixes; of `00:00:00`, those that are nobody's.",
  arguments: z.object({ duid: duid("The client's DUID.") }),
  examples: [{ arguments: { duid: "00:03:00:01:1a:1b:1c:1d:1e:1f" }, answer: exampleList(6) }],
  run({ duid: wanted }, context: LeaseContext6) {
    return decideOnLeases(context, (batch) =>
      answerClient(context, wanted, batch.byDuid(wanted), (lease) => lease.duid),
    );
  },
});
