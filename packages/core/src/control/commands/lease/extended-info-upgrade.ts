/** `extended-info4-upgrade` and `extended-info6-upgrade`. */
import { z } from "zod";
import type { LeaseBatch } from "../../../leases/model/lease-store.ts";
import type { LeaseBatch4 } from "../../../leases/model/lease-store4.ts";
import type { LeaseBatch6 } from "../../../leases/model/lease-store6.ts";
import type { Lease4 } from "../../../leases/model/lease4.ts";
import type { Lease6 } from "../../../leases/model/lease6.ts";
import { checkAgentInfo, checkRelayInfo, type InfoCheck } from "../../../leases/user-context/extended-info.ts";
import { type Answer, done, Result } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import { stepsOfLeases } from "./all-leases.ts";
import { decideOnLeases } from "./decide-on-leases.ts";
import type { AnyLease, BatchContext } from "./lease-context.ts";

type UpgradeContext<L extends AnyLease, Batch extends LeaseBatch<L>> = BatchContext<L, Batch> & {
  config(): { readonly "sanity-checks": { readonly "extended-info-checks": InfoCheck } };
};

interface Upgraded<L, Batch> {
  readonly number: 4 | 6;
  readonly check: typeof checkAgentInfo;
  find(batch: Batch, lease: L): L | undefined;
}

const extendedInfoUpgrade = <L extends AnyLease, Batch extends LeaseBatch<L>>(family: Upgraded<L, Batch>) =>
  defineCommand({
    name: `extended-info${family.number}-upgrade`,
    access: "write",
    summary:
      "Brings what leases say of their relays into the form of this version, and in a database into the columns and tables " +
      "by which leases are found for a relay. Service goes on.",
    arguments: z.object({}),
    examples: [{ arguments: {}, answer: { result: 0, text: "Upgraded 1000 leases" } }],
    async run(_, context: UpgradeContext<L, Batch>): Promise<Answer> {
      const level = context.config()["sanity-checks"]["extended-info-checks"];
      const check = (userContext: string) => family.check(userContext, level === "none" ? "fix" : level).userContext;
      // There a row that is written says its ids.
      const isInDatabase = context.leaseFile === undefined;
      let count = 0;
      for await (const step of stepsOfLeases(context)) {
        const old = step.filter(({ userContext }) => {
          return check(userContext) !== userContext || (isInDatabase && userContext.includes('"relay'));
        });
        if (old.length === 0) continue;
        const answer = await decideOnLeases<L, Batch>(context, (batch) => ({
          put: old.flatMap((lease) => {
            const current = family.find(batch, lease);
            return current === undefined ? [] : [{ ...current, userContext: check(current.userContext) }];
          }),
          answer: done(""),
        }));
        if (answer.result !== Result.success) return answer;
        count += old.length;
      }
      return done(`Upgraded ${count} leases`);
    },
  });

export const extendedInfo4Upgrade = extendedInfoUpgrade<Lease4, LeaseBatch4>({
  number: 4,
  check: checkAgentInfo,
  find: (batch, { address }) => batch.byAddress(address),
});

export const extendedInfo6Upgrade = extendedInfoUpgrade<Lease6, LeaseBatch6>({
  number: 6,
  check: checkRelayInfo,
  find: (batch, { type, address }) => batch.byAddress(type, address),
});
