/** `lease6-add`. */
import { z } from "zod";
import { defineCommand } from "../../command.ts";
import { addLease } from "../lease/change-leases.ts";
import { decideOnLeases } from "../lease/decide-on-leases.ts";
import { heldLease } from "../lease/given-lease.ts";
import type { LeaseContext6 } from "../lease/lease-context.ts";
import { crossing, lease6Fields, makeLease6, nameLease6 } from "./lease6-arguments.ts";

export const lease6Add = defineCommand({
  name: "lease6-add",
  access: "write",
  summary:
    "Adds an IPv6 lease, of an address or of a delegated prefix, as if the client had asked for it. What is there already stays as it is.",
  arguments: z.object(lease6Fields),
  examples: [
    {
      arguments: { duid: "00:03:00:01:1a:1b:1c:1d:1e:1f", iaid: 1, "ip-address": "2001:db8:1::17" },
      answer: { result: 0, text: "Lease for address 2001:db8:1::17, subnet-id 66 added." },
    },
  ],
  run(given, context: LeaseContext6) {
    const lease = makeLease6(given, context);
    if ("result" in lease) return lease;
    return decideOnLeases(context, (batch) => {
      const current = heldLease(batch.byAddress(lease.type, lease.address));
      return crossing(lease, batch) ?? addLease(6, lease, current, nameLease6(lease));
    });
  },
});
