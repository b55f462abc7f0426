/** `lease6-get`. */
import { z } from "zod";
import type { LeaseBatch6 } from "../../../leases/model/lease-store6.ts";
import type { Lease6 } from "../../../leases/model/lease6.ts";
import { failed, Result } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import { decideOnLeases } from "../lease/decide-on-leases.ts";
import { exampleLease } from "../lease/example-leases.ts";
import type { LeaseContext6 } from "../lease/lease-context.ts";
import { findLease6, which6Fields } from "./lease6-arguments.ts";

export const lease6Get = defineCommand({
  name: "lease6-get",
  access: "read",
  summary: "Returns one lease: by its address, or by its client and subnet.",
  arguments: z.object(which6Fields),
  examples: [
    {
      arguments: { "ip-address": "2001:db8:1::17", type: "IA_NA" },
      answer: { arguments: exampleLease[6], result: 0, text: "IPv6 lease found." },
    },
    {
      arguments: { "identifier-type": "duid", identifier: "00:03:00:01:1a:1b:1c:1d:1e:1f", iaid: 1, "subnet-id": 66 },
      answer: { result: 3, text: "Lease not found." },
    },
  ],
  run(which, context: LeaseContext6) {
    return decideOnLeases<Lease6, LeaseBatch6>(context, (batch) => {
      const lease = findLease6(which, batch);
      if (lease === undefined) return failed("Lease not found.", Result.empty);
      if ("result" in lease) return lease;
      return { arguments: context.describe(lease), result: Result.success, text: "IPv6 lease found." };
    });
  },
});
