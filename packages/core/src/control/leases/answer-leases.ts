/** Answers that are lists of leases. */
import { type Answer, Result } from "../answer.ts";
import type { DhcpContext } from "../dhcp-context.ts";
import { JsonList } from "../kea-json.ts";
import { allLeases } from "./all-leases.ts";
import { heldLease } from "./given-lease.ts";
import type { AnyLease, LeaseContext } from "./lease-context.ts";

/** The store tells at most so many leases of a client by its name, see `LeaseView.byHwaddr`. */
const TOLD_BY_NAME = 64;

/** Those leases that are wanted, ascending: found and written in steps, so that a million take no memory and no turn. */
export function streamLeases<L extends AnyLease>(context: LeaseContext<L>, isWanted: (lease: L) => boolean): Answer {
  let count = 0;
  const items = function* () {
    for (const lease of allLeases(context)) {
      if (lease instanceof Promise) yield lease;
      else if (isWanted(lease) && heldLease(lease) !== undefined) {
        count++;
        yield context.describe(lease);
      }
    }
  };
  // These are asked for when the list has been written, as keys are written in order.
  return {
    arguments: { leases: new JsonList(items()) },
    get result() {
      return count === 0 ? Result.empty : Result.success;
    },
    get text() {
      return foundText(context, count);
    },
  };
}

/**
 * All leases of a client.
 * @param known those that the store tells by its name
 * @param isWanted whether a lease is the client's: for when these may be not all
 */
export function answerClient<L extends AnyLease>(
  context: LeaseContext<L>,
  known: readonly L[],
  isWanted: (lease: L) => boolean,
): Answer {
  if (known.length >= TOLD_BY_NAME) return streamLeases(context, isWanted);
  const leases = known.filter((lease) => heldLease(lease) !== undefined);
  return answerLeases(
    context,
    leases.sort((a, b) => (a.address < b.address ? -1 : 1)),
  );
}

export function answerLeases<L extends AnyLease>(
  context: LeaseContext<L>,
  leases: readonly L[],
  more: { readonly count?: number } = {},
): Answer {
  return {
    arguments: { leases: JsonList.of(leases, context.describe), ...more },
    result: leases.length === 0 ? Result.empty : Result.success,
    text: foundText(context, leases.length),
  };
}

function foundText({ family }: Pick<DhcpContext, "family">, count: number): string {
  return `${count} IPv${family} lease(s) found.`;
}
