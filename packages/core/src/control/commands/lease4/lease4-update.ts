/** `lease4-update`. */

import { z } from "zod";
import { formatIpv4 } from "../../../ip/ipv4.ts";
import { defineCommand } from "../../command.ts";
import { updateLease } from "../lease/change-leases.ts";
import { decideOnLeases } from "../lease/decide-on-leases.ts";
import { heldLease } from "../lease/given-lease.ts";
import type { LeaseContext4 } from "../lease/lease-context.ts";
import { updateFields } from "../lease/lease-fields.ts";
import { lease4Fields, makeLease4 } from "./lease4-arguments.ts";

export const lease4Update = defineCommand({
  name: "lease4-update",
  access: "write",
  summary: "Replaces a lease by another one of the same address: what is not given is not kept.",
  arguments: z.object({ ...lease4Fields, ...updateFields }),
  examples: [
    {
      arguments: { "hw-address": "1a:1b:1c:1d:1e:1f", "ip-address": "192.0.2.17", hostname: "printer.example.org" },
      answer: { result: 0, text: "IPv4 lease updated." },
    },
  ],
  run(given, context: LeaseContext4) {
    const lease = makeLease4(given, context);
    if ("result" in lease) return lease;
    const options = { name: formatIpv4(lease.address), isCreated: given["force-create"] };
    return decideOnLeases(context, (batch) =>
      updateLease(4, lease, heldLease(batch.byAddress(lease.address)), options),
    );
  },
});
