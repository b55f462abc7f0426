/** `lease4-get` and `lease6-get`. */
import type { z } from "zod";
import type { LeaseBatch } from "../../../leases/model/lease-store.ts";
import { failed, Result } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import { firstLeases } from "./all-leases.ts";
import { decideOnLeases } from "./decide-on-leases.ts";
import { exampleLease } from "./example-leases.ts";
import type { WhichLease } from "./lease-arguments.ts";
import type { AnyLease, BatchContext } from "./lease-context.ts";

export function leaseGet<L extends AnyLease, Batch extends LeaseBatch<L>, Which extends z.ZodObject>(
  which: WhichLease<L, Batch, Which>,
) {
  const { family, examples } = which;
  const words = `IPv${family} lease found.`;
  return defineCommand({
    name: `lease${family}-get`,
    access: "read",
    summary: "Returns one lease, found by its address, or by its client and subnet.",
    arguments: which.arguments,
    examples: [
      { arguments: examples.byAddress, answer: { arguments: exampleLease[family], result: 0, text: words } },
      { arguments: examples.byClient, answer: { result: 3, text: "Lease not found." } },
    ],
    run(given, context: BatchContext<L, Batch>) {
      const answer = (nobodys?: readonly L[]) =>
        decideOnLeases<L, Batch>(context, (batch) => {
          const lease = which.find(given, batch, nobodys);
          if (lease === undefined) return failed("Lease not found.", Result.empty);
          if ("result" in lease) return lease;
          return { arguments: context.describe(lease), result: Result.success, text: words };
        });
      const isNobodys = which.nobodys(given);
      // A second one makes it unclear which is meant.
      return isNobodys === undefined ? answer() : firstLeases(context, 2, isNobodys).then(answer);
    },
  });
}
