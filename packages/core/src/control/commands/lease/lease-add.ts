/** `lease4-add` and `lease6-add`. */
import type { z } from "zod";
import type { LeaseBatch } from "../../../leases/model/lease-store.ts";
import { done } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import { decideOnLeases } from "./decide-on-leases.ts";
import { exampleAddress, exampleSubnet } from "./example-leases.ts";
import { conflict } from "./given-lease.ts";
import type { WholeLease } from "./lease-arguments.ts";
import type { AnyLease, BatchContext } from "./lease-context.ts";

const WHAT = { 4: "an IPv4 lease", 6: "an IPv6 lease, of an address or of a delegated prefix" } as const;

export function leaseAdd<
  L extends AnyLease,
  Batch extends LeaseBatch<L>,
  Context extends BatchContext<L, Batch>,
  Given extends z.ZodObject,
>(whole: WholeLease<L, Batch, Context, Given>) {
  const { family } = whole;
  const added = (name: string, subnetId: number) => done(`Lease for ${name}, subnet-id ${subnetId} added.`);
  return defineCommand({
    name: `lease${family}-add`,
    access: "write",
    summary: `Adds ${WHAT[family]}, as if the client had asked for it. A lease that exists is not changed.`,
    arguments: whole.arguments,
    examples: [{ arguments: whole.example, answer: added(`address ${exampleAddress[family]}`, exampleSubnet[family]) }],
    run(given, context: Context) {
      const lease = whole.make(given, context);
      if ("result" in lease) return lease;
      return decideOnLeases<L, Batch>(context, (batch) => {
        const current = whole.current(lease, batch);
        const obstacle = whole.obstacle(lease, batch);
        if (obstacle !== undefined) return obstacle;
        if (current !== undefined) return conflict(`IPv${family} lease already exists.`);
        return { put: [lease], answer: added(whole.name(lease), lease.subnetId) };
      });
    },
  });
}
