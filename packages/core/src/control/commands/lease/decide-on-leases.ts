/** Commands that look at leases and change them: made durable before they are answered. */

import type { Adoption, SharedNames } from "../../../leases/model/adoption.ts";
import type { Lease } from "../../../leases/model/lease.ts";
import type { CommitResult, LeaseBatch } from "../../../leases/model/lease-store.ts";
import { type Answer, failed } from "../../answer.ts";

/** What a command answers, and what it changes before. */
export interface Decision<L extends Lease> {
  readonly answer: Answer;
  readonly discard?: readonly L[];
  readonly put?: readonly L[];
  /** How the changes come from another server; absent where they do not. */
  readonly adoption?: Adoption | undefined;
}

/** Is told of each lease that a command has changed, when that is durable. Absent where nobody wants to know. */
export interface LeaseChanges<L extends Lease> {
  /** `written` is one that was added or replaced. @param from as `Decision.adoption` */
  leaseChanged?(kind: "written" | "removed", lease: L, from: Adoption | undefined): void;
}

/** Absent where no names follow the leases. */
export type NameChanges<L> = Partial<Pick<SharedNames<L>, "adopt">>;

/** Loads for one decision, and decisions for one command. */
const TRIES = 5;

/** @param decide looks at the leases and changes nothing; called again for as long as leases have to be loaded */
export async function decideOnLeases<L extends Lease, Batch extends LeaseBatch<L>>(
  context: { begin(): Batch } & LeaseChanges<L> & NameChanges<L>,
  decide: (batch: Batch) => Decision<L> | Answer,
): Promise<Answer> {
  let result: CommitResult | undefined;
  for (let tries = 0; tries < TRIES; tries++) {
    const batch = context.begin();
    const decided = await decideLoaded(batch, decide);
    if (!("answer" in decided)) return decided;
    const { discard = [], put = [], answer, adoption } = decided;
    const change = () => {
      for (const lease of discard) batch.discard(lease);
      for (const lease of put) batch.put(lease);
    };
    if (adoption === undefined || context.adopt === undefined) change();
    else context.adopt(adoption, change);
    result = await batch.commit();
    if (result.kind === "durable") {
      for (const lease of discard) context.leaseChanged?.("removed", lease, adoption);
      for (const lease of put) context.leaseChanged?.("written", lease, adoption);
      return answer;
    }
    if (result.kind === "failed") return failed(`The lease cannot be written: ${result.error.message}`);
  }
  return failed("The lease keeps changing: others are quicker; try again");
}

async function decideLoaded<L extends Lease, Batch extends LeaseBatch<L>>(
  batch: Batch,
  decide: (batch: Batch) => Decision<L> | Answer,
): Promise<Decision<L> | Answer> {
  for (let tries = 0; tries < TRIES; tries++) {
    const { missed } = batch;
    const decided = decide(batch);
    if (batch.missed === missed) return decided;
    try {
      await batch.load();
    } catch (error) {
      return failed(`The leases cannot be read: ${(error as Error).message}`);
    }
  }
  return failed("The leases cannot be read: others keep changing them; try again");
}
