/** `lease4-update` and `lease6-update`. */
import type { z } from "zod";
import type { LeaseBatch } from "../../../leases/model/lease-store.ts";
import { done } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import { decideOnLeases } from "./decide-on-leases.ts";
import { conflict } from "./given-lease.ts";
import type { WholeLease } from "./lease-arguments.ts";
import type { AnyLease, BatchContext } from "./lease-context.ts";
import { adoptionOf, type updateFields } from "./lease-fields.ts";

export function leaseUpdate<
  L extends AnyLease,
  Batch extends LeaseBatch<L>,
  Context extends BatchContext<L, Batch>,
  Given extends z.ZodObject<typeof updateFields>,
>(whole: WholeLease<L, Batch, Context, Given>) {
  const { family } = whole;
  return defineCommand({
    name: `lease${family}-update`,
    access: "write",
    summary: "Replaces the lease of an address. What the command does not give is not kept.",
    arguments: whole.arguments,
    examples: [
      {
        arguments: { ...whole.example, hostname: "printer.example.org" },
        answer: { result: 0, text: `IPv${family} lease updated.` },
      },
    ],
    run(given, context: Context) {
      const lease = whole.make(given, context);
      if ("result" in lease) return lease;
      return decideOnLeases<L, Batch>(context, (batch) => {
        const current = whole.current(lease, batch);
        const obstacle = whole.obstacle(lease, batch);
        if (obstacle !== undefined) return obstacle;
        if (current === undefined && !given["force-create"]) return conflict(changed(whole.formatAddress(lease)));
        const adoption = adoptionOf(given);
        const clash = current && adoption === undefined ? whole.clash?.(lease, current) : undefined;
        if (clash !== undefined) return clash;
        return {
          put: [lease],
          adoption,
          answer: done(`IPv${family} lease ${current === undefined ? "added" : "updated"}.`),
        };
      });
    },
  });
}

/** Kea's words: tools look for them. */
function changed(address: string): string {
  return (
    `failed to update the lease with address ${address} either because the lease has been deleted or it has changed in the ` +
    "database, in both cases a retry might succeed"
  );
}
