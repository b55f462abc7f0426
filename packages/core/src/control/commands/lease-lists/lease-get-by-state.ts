/** `lease4-get-by-state` and `lease6-get-by-state`. */
import { z } from "zod";
import { defineCommand } from "../../command.ts";
import { exampleList, exampleSubnet } from "../lease/example-leases.ts";
import type { AnyLease, LeaseContext } from "../lease/lease-context.ts";
import { commonFields, uint32 } from "../lease/lease-fields.ts";
import { streamLeases } from "./answer-leases.ts";

export const leaseGetByState = <L extends AnyLease>(family: 4 | 6) =>
  defineCommand({
    name: `lease${family}-get-by-state`,
    access: "read",
    summary:
      "Returns all leases in one state, of one subnet or of all. The command searches all leases while service goes " +
      "on. Kea has it since 3.1.5.",
    arguments: z.object({
      state: commonFields.state.unwrap(),
      "subnet-id": uint32("The subnet; 0 or nothing for all.").default(0),
    }),
    examples: [{ arguments: { state: 0, "subnet-id": exampleSubnet[family] }, answer: exampleList(family) }],
    run({ state, "subnet-id": wanted }, context: LeaseContext<L>) {
      return streamLeases(context, (lease) => lease.state === state && (wanted === 0 || lease.subnetId === wanted));
    },
  });
