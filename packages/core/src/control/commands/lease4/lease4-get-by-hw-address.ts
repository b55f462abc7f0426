/** `lease4-get-by-hw-address`. */
import { z } from "zod";
import { defineCommand } from "../../command.ts";
import { decideOnLeases } from "../lease/decide-on-leases.ts";
import { exampleList } from "../lease/example-leases.ts";
import type { LeaseContext4 } from "../lease/lease-context.ts";
import { hwAddress } from "../lease/lease-fields.ts";
import { answerClient } from "../lease-lists/answer-leases.ts";

export const lease4GetByHwAddress = defineCommand({
  name: "lease4-get-by-hw-address",
  access: "read",
  summary: "Returns all leases of a hardware address. For an empty one it returns all leases that have none.",
  arguments: z.object({ "hw-address": hwAddress("The client's hardware address.") }),
  examples: [{ arguments: { "hw-address": "1a:1b:1c:1d:1e:1f" }, answer: exampleList(4) }],
  run({ "hw-address": hwaddr }, context: LeaseContext4) {
    return decideOnLeases(context, (batch) =>
      answerClient(context, hwaddr, batch.byHwaddr(hwaddr), (lease) => lease.hwaddr),
    );
  },
});
