/** `lease4-get-all` and `lease6-get-all`. */
import { z } from "zod";
import { defineCommand } from "../../command.ts";
import { exampleList, exampleSubnet } from "../lease/example-leases.ts";
import type { AnyLease, LeaseContext } from "../lease/lease-context.ts";
import { uint32 } from "../lease/lease-fields.ts";
import { streamLeases } from "./answer-leases.ts";

export const leaseGetAll = <L extends AnyLease>(family: 4 | 6) =>
  defineCommand({
    name: `lease${family}-get-all`,
    access: "read",
    summary:
      "Returns all leases, or all leases of some subnets, ordered by address. They are sent while they are read, " +
      "and service goes on: even a million leases need no extra memory.",
    arguments: z.object({
      subnets: z.array(uint32("An id.")).optional().describe("Ids of subnets; all unless given."),
    }),
    examples: [{ arguments: { subnets: [exampleSubnet[family]] }, answer: exampleList(family) }],
    run({ subnets }, context: LeaseContext<L>) {
      const wanted = new Set(subnets);
      return streamLeases(context, ({ subnetId }) => subnets === undefined || wanted.has(subnetId));
    },
  });
