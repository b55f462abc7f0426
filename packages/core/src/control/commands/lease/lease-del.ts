/** `lease4-del` and `lease6-del`. */
import type { z } from "zod";
import type { LeaseBatch } from "../../../leases/model/lease-store.ts";
import { done, failed, Result } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import { decideOnLeases } from "./decide-on-leases.ts";
import type { WhichLease } from "./lease-arguments.ts";
import type { AnyLease, BatchContext } from "./lease-context.ts";
import { adoptionOf } from "./lease-fields.ts";

export function leaseDel<L extends AnyLease, Batch extends LeaseBatch<L>, Which extends z.ZodObject>(
  which: WhichLease<L, Batch, Which>,
) {
  const { family, examples } = which;
  return defineCommand({
    name: `lease${family}-del`,
    access: "write",
    summary: "Deletes one lease, found by its address, or by its client and subnet. The client is not told.",
    arguments: which.arguments,
    examples: [{ arguments: examples.byAddress, answer: { result: 0, text: `IPv${family} lease deleted.` } }],
    run(given, context: BatchContext<L, Batch>) {
      return decideOnLeases<L, Batch>(context, (batch) => {
        const found = which.find(given, batch);
        if (found === undefined) return failed(`IPv${family} lease not found.`, Result.empty);
        if ("result" in found) return found;
        const adoption = adoptionOf(given);
        return { discard: [found], adoption, answer: done(`IPv${family} lease deleted.`) };
      });
    },
  });
}
