/** `lease6-update`. */

import { z } from "zod";
import { formatIpv6Key } from "../../../ip/ipv6-key.ts";
import { defineCommand } from "../../command.ts";
import { updateLease } from "../lease/change-leases.ts";
import { decideOnLeases } from "../lease/decide-on-leases.ts";
import { heldLease } from "../lease/given-lease.ts";
import type { LeaseContext6 } from "../lease/lease-context.ts";
import { updateFields } from "../lease/lease-fields.ts";
import { crossing, lease6Fields, makeLease6 } from "./lease6-arguments.ts";

export const lease6Update = defineCommand({
  name: "lease6-update",
  access: "write",
  summary: "Replaces a lease by another one of the same address: what is not given is not kept.",
  arguments: z.object({ ...lease6Fields, ...updateFields }),
  examples: [
    {
      arguments: {
        duid: "00:03:00:01:1a:1b:1c:1d:1e:1f",
        iaid: 1,
        "ip-address": "2001:db8:1::17",
        hostname: "printer.example.org",
      },
      answer: { result: 0, text: "IPv6 lease updated." },
    },
  ],
  run(given, context: LeaseContext6) {
    const lease = makeLease6(given, context);
    if ("result" in lease) return lease;
    const options = { name: formatIpv6Key(lease.address), isCreated: given["force-create"] };
    return decideOnLeases(context, (batch) => {
      const current = heldLease(batch.byAddress(lease.type, lease.address));
      return crossing(lease, batch) ?? updateLease(6, lease, current, options);
    });
  },
});
