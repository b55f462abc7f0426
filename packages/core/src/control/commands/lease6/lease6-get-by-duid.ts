/** `lease6-get-by-duid`. */
import { z } from "zod";
import { defineCommand } from "../../command.ts";
import { decideOnLeases } from "../lease/decide-on-leases.ts";
import { exampleList } from "../lease/example-leases.ts";
import type { LeaseContext6 } from "../lease/lease-context.ts";
import { duid } from "../lease/lease-fields.ts";
import { answerClient } from "../lease-lists/answer-leases.ts";

export const lease6GetByDuid = defineCommand({
  name: "lease6-get-by-duid",
  access: "read",
  summary:
    "Returns all leases of a DUID, addresses and prefixes. `00:00:00` finds the leases that belong to no client.",
  arguments: z.object({ duid: duid("The client's DUID.") }),
  examples: [{ arguments: { duid: "00:03:00:01:1a:1b:1c:1d:1e:1f" }, answer: exampleList(6) }],
  run({ duid: wanted }, context: LeaseContext6) {
    return decideOnLeases(context, (batch) =>
      answerClient(context, wanted, batch.byDuid(wanted), (lease) => lease.duid),
    );
  },
});
