/** `lease4-wipe` and `lease6-wipe`. */
import { z } from "zod";
import type { LeaseBatch } from "../../../leases/model/lease-store.ts";
import { type Answer, done, failed, Result } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import { stepsOfLeases } from "./all-leases.ts";
import { decideOnLeases } from "./decide-on-leases.ts";
import { exampleSubnet } from "./example-leases.ts";
import type { AnyLease, LeaseContext } from "./lease-context.ts";
import { uint32 } from "./lease-fields.ts";

export const leaseWipe = <L extends AnyLease>(family: 4 | 6) =>
  defineCommand({
    name: `lease${family}-wipe`,
    access: "write",
    summary:
      "Deletes all leases of a subnet, or of all subnets, while service goes on. Kea calls this command deprecated.",
    arguments: z.object({ "subnet-id": uint32("The subnet; 0 or nothing for all.").default(0) }),
    examples: [
      {
        arguments: { "subnet-id": exampleSubnet[family] },
        answer: {
          result: 0,
          text: `Deleted 1 IPv${family} lease(s) from subnet(s) ${exampleSubnet[family]} WARNING: lease${family}-wipe is deprecated!`,
        },
      },
    ],
    async run({ "subnet-id": id }, context: LeaseContext<L>): Promise<Answer> {
      const ids = new Set(id === 0 ? context.subnetIds() : [id]);
      let count = 0;
      for await (const step of stepsOfLeases(context)) {
        const discard = step.filter(({ subnetId }) => ids.has(subnetId));
        const answer = await decideOnLeases<L, LeaseBatch<L>>(context, () => ({ discard, answer: done("") }));
        if (answer.result !== Result.success) return answer;
        count += discard.length;
      }
      const words = [`Deleted ${count} IPv${family} lease(s) from subnet(s)`, ...ids];
      const text = `${words.join(" ")} WARNING: lease${family}-wipe is deprecated!`;
      return count === 0 ? failed(text, Result.empty) : done(text);
    },
  });
