/** `lease4-add`. */

import { z } from "zod";
import { formatIpv4 } from "../../../ip/ipv4.ts";
import { defineCommand } from "../../command.ts";
import { addLease } from "../lease/change-leases.ts";
import { decideOnLeases } from "../lease/decide-on-leases.ts";
import { heldLease } from "../lease/given-lease.ts";
import type { LeaseContext4 } from "../lease/lease-context.ts";
import { lease4Fields, makeLease4 } from "./lease4-arguments.ts";

export const lease4Add = defineCommand({
  name: "lease4-add",
  access: "write",
  summary: "Adds an IPv4 lease, as if the client had asked for it. What is there already stays as it is.",
  arguments: z.object(lease4Fields),
  examples: [
    {
      arguments: { "hw-address": "1a:1b:1c:1d:1e:1f", "ip-address": "192.0.2.17" },
      answer: { result: 0, text: "Lease for address 192.0.2.17, subnet-id 44 added." },
    },
  ],
  run(given, context: LeaseContext4) {
    const lease = makeLease4(given, context);
    if ("result" in lease) return lease;
    const name = `address ${formatIpv4(lease.address)}`;
    return decideOnLeases(context, (batch) => addLease(4, lease, heldLease(batch.byAddress(lease.address)), name));
  },
});
