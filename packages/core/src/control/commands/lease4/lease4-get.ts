/** `lease4-get`. */
import { z } from "zod";
import type { LeaseBatch } from "../../../leases/model/lease-store.ts";
import type { Lease4 } from "../../../leases/model/lease4.ts";
import { failed, Result } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import { decideOnLeases } from "../lease/decide-on-leases.ts";
import { exampleLease } from "../lease/example-leases.ts";
import type { LeaseContext4 } from "../lease/lease-context.ts";
import { findLease4, which4Fields } from "./lease4-arguments.ts";

export const lease4Get = defineCommand({
  name: "lease4-get",
  access: "read",
  summary: "Returns one lease: by its address, or by its client and subnet.",
  arguments: z.object(which4Fields),
  examples: [
    {
      arguments: { "ip-address": "192.0.2.17" },
      answer: { arguments: exampleLease[4], result: 0, text: "IPv4 lease found." },
    },
    {
      arguments: { "identifier-type": "hw-address", identifier: "1a:1b:1c:1d:1e:1f", "subnet-id": 44 },
      answer: { result: 3, text: "Lease not found." },
    },
  ],
  run(which, context: LeaseContext4) {
    return decideOnLeases<Lease4, LeaseBatch>(context, (batch) => {
      const lease = findLease4(which, batch);
      if (lease === undefined) return failed("Lease not found.", Result.empty);
      if ("result" in lease) return lease;
      return { arguments: context.describe(lease), result: Result.success, text: "IPv4 lease found." };
    });
  },
});
