/** `lease4-wipe` and `lease6-wipe`. */
import { z } from "zod";
import type { LeaseBatch } from "../../../leases/model/lease-store.ts";
import { type Answer, done, failed, Result } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import { stepsOfLeases } from "./all-leases.ts";
import { decideOnLeases } from "./decide-on-leases.ts";
import { exampleSubnet } from "./example-leases.ts";
import type { AnyLease, BatchContext } from "./lease-context.ts";
import { uint32 } from "./lease-fields.ts";

/** @param find a lease as it is by now: where it is in a database, nothing else is changed there */
export const leaseWipe = <L extends AnyLease, Batch extends LeaseBatch<L>>(
  family: 4 | 6,
  find: (batch: Batch, lease: L) => L | undefined,
) =>
  defineCommand({
    name: `lease${family}-wipe`,
    access: "write",
    summary: "Deletes all leases of a subnet, or of all subnets, while service goes on.",
    arguments: z.object({ "subnet-id": uint32("The subnet; 0 or nothing for all.").default(0) }),
    examples: [
      {
        arguments: { "subnet-id": exampleSubnet[family] },
        answer: {
          result: 0,
          text: `Deleted 1 IPv${family} lease(s) from subnet(s) ${exampleSubnet[family]}`,
        },
      },
    ],
    async run({ "subnet-id": id }, context: BatchContext<L, Batch>): Promise<Answer> {
      const ids = new Set(id === 0 ? context.subnetIds() : [id]);
      let count = 0;
      for await (const step of stepsOfLeases(context)) {
        const found = step.filter(({ subnetId }) => ids.has(subnetId));
        let gone: readonly L[] = [];
        const answer = await decideOnLeases<L, Batch>(context, (batch) => {
          gone = found.flatMap((lease) => find(batch, lease) ?? []);
          return { discard: gone, answer: done("") };
        });
        if (answer.result !== Result.success) return answer;
        count += gone.length;
      }
      const text = [`Deleted ${count} IPv${family} lease(s) from subnet(s)`, ...ids].join(" ");
      return count === 0 ? failed(text, Result.empty) : done(text);
    },
  });
