/** `lease4-resend-ddns`. */
import { z } from "zod";
import { formatIpv4 } from "../../../ip/ipv4.ts";
import type { LeaseBatch } from "../../../leases/model/lease-store.ts";
import type { Lease4 } from "../../../leases/model/lease4.ts";
import { defineCommand } from "../../command.ts";
import { decideOnLeases } from "../lease/decide-on-leases.ts";
import { heldLease } from "../lease/given-lease.ts";
import type { LeaseContext4 } from "../lease/lease-context.ts";
import { ipv4 } from "../lease/lease-fields.ts";
import { resendNames } from "../lease/resend-names.ts";

export const lease4ResendDdns = defineCommand({
  name: "lease4-resend-ddns",
  access: "write",
  summary: "Has the DNS told the names of a lease again, where updates are on.",
  arguments: z.object({ "ip-address": ipv4("The address.") }),
  examples: [
    {
      arguments: { "ip-address": "192.0.2.17" },
      answer: { result: 0, text: "NCR generated for: 192.0.2.17, hostname: printer.example.org" },
    },
  ],
  run({ "ip-address": address }, context: LeaseContext4) {
    return decideOnLeases<Lease4, LeaseBatch>(context, (batch) =>
      resendNames(context, heldLease(batch.byAddress(address)), formatIpv4(address)),
    );
  },
});
