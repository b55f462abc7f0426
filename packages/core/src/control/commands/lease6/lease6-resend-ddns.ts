/** `lease6-resend-ddns`. */
import { z } from "zod";
import { formatIpv6Key } from "../../../ip/ipv6-key.ts";
import type { LeaseBatch6 } from "../../../leases/model/lease-store6.ts";
import { type Lease6, LeaseType6 } from "../../../leases/model/lease6.ts";
import { defineCommand } from "../../command.ts";
import { decideOnLeases } from "../lease/decide-on-leases.ts";
import { heldLease } from "../lease/given-lease.ts";
import type { LeaseContext6 } from "../lease/lease-context.ts";
import { ipv6 } from "../lease/lease-fields.ts";
import { resendNames } from "../lease/resend-names.ts";

export const lease6ResendDdns = defineCommand({
  name: "lease6-resend-ddns",
  access: "write",
  summary: "Has the DNS told the names of a lease again, where updates are on.",
  arguments: z.object({ "ip-address": ipv6("The address.") }),
  examples: [
    {
      arguments: { "ip-address": "2001:db8:1::17" },
      answer: { result: 0, text: "NCR generated for: 2001:db8:1::17, hostname: printer.example.org" },
    },
  ],
  run({ "ip-address": address }, context: LeaseContext6) {
    return decideOnLeases<Lease6, LeaseBatch6>(context, (batch) =>
      resendNames(context, heldLease(batch.byAddress(LeaseType6.address, address)), formatIpv6Key(address)),
    );
  },
});
