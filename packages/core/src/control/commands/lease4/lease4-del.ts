/** `lease4-del`. */
import { z } from "zod";
import { defineCommand } from "../../command.ts";
import { deleteLease } from "../lease/change-leases.ts";
import { decideOnLeases } from "../lease/decide-on-leases.ts";
import type { LeaseContext4 } from "../lease/lease-context.ts";
import { deleteFields } from "../lease/lease-fields.ts";
import { findLease4, which4Fields } from "./lease4-arguments.ts";

export const lease4Del = defineCommand({
  name: "lease4-del",
  access: "write",
  summary: "Deletes one lease: by its address, or by its client and subnet. Its client is not told.",
  arguments: z.object({ ...which4Fields, ...deleteFields }),
  examples: [
    {
      arguments: { "ip-address": "192.0.2.17" },
      answer: { result: 0, text: "IPv4 lease deleted." },
    },
  ],
  run(which, context: LeaseContext4) {
    return decideOnLeases(context, (batch) => deleteLease(4, findLease4(which, batch)));
  },
});
