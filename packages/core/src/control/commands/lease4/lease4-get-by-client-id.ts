/** `lease4-get-by-client-id`. */
import { z } from "zod";
import { defineCommand } from "../../command.ts";
import { decideOnLeases } from "../lease/decide-on-leases.ts";
import { exampleList } from "../lease/example-leases.ts";
import type { LeaseContext4 } from "../lease/lease-context.ts";
import { clientId } from "../lease/lease-fields.ts";
import { answerClient } from "../lease-lists/answer-leases.ts";

export const lease4GetByClientId = defineCommand({
  name: "lease4-get-by-client-id",
  access: "read",
  summary: "Returns all leases of a client identifier.",
  arguments: z.object({ "client-id": clientId("The client's identifier (option 61).") }),
  examples: [{ arguments: { "client-id": "01:1a:1b:1c:1d:1e:1f" }, answer: exampleList(4) }],
  run({ "client-id": id }, context: LeaseContext4) {
    return decideOnLeases(context, (batch) =>
      answerClient(context, id, batch.byClientId(id), (lease) => lease.clientId),
    );
  },
});
