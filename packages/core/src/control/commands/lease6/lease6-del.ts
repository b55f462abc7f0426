/** `lease6-del`. */
import { z } from "zod";
import { defineCommand } from "../../command.ts";
import { deleteLease } from "../lease/change-leases.ts";
import { decideOnLeases } from "../lease/decide-on-leases.ts";
import type { LeaseContext6 } from "../lease/lease-context.ts";
import { deleteFields } from "../lease/lease-fields.ts";
import { findLease6, which6Fields } from "./lease6-arguments.ts";

export const lease6Del = defineCommand({
  name: "lease6-del",
  access: "write",
  summary: "Deletes one lease: by its address, or by its client and subnet. Its client is not told.",
  arguments: z.object({ ...which6Fields, ...deleteFields }),
  examples: [
    {
      arguments: { "ip-address": "2001:db8:1::17", type: "IA_NA" },
      answer: { result: 0, text: "IPv6 lease deleted." },
    },
  ],
  run(which, context: LeaseContext6) {
    return decideOnLeases(context, (batch) => deleteLease(6, findLease6(which, batch)));
  },
});
