/** Answers that are lists of leases. */
import { equalBytes } from "../../../base/bytes.ts";
import { CLIENT_LEASES } from "../../../leases/model/lease-store.ts";
import type { Sought } from "../../../leases/model/sought.ts";
import { type Answer, Result } from "../../answer.ts";
import type { DhcpContext } from "../../dhcp-context.ts";
import { type Json, JsonEntries, type JsonEntry, JsonList } from "../../kea-json.ts";
import { allLeases } from "../lease/all-leases.ts";
import { heldLease } from "../lease/given-lease.ts";
import type { AnyLease, LeaseContext } from "../lease/lease-context.ts";

const NO_NAME = new Uint8Array(0);

/**
 * Those leases that are wanted, ascending: found and written in steps, so that a million take no memory and no turn.
 * @param sought what those that are wanted have, so that not each of the others is read
 */
export function streamLeases<L extends AnyLease>(
  context: LeaseContext<L>,
  isWanted: (lease: L) => boolean,
  sought?: Sought,
): Answer {
  const { leases, count } = listLeases(context, isWanted, undefined, Number.POSITIVE_INFINITY, sought);
  return answerCounted(context, { leases }, count);
}

/** The same, so many behind an address, all of them unless said otherwise. How many there are stands behind them: it is not known before. */
export function streamPage<L extends AnyLease>(
  context: LeaseContext<L>,
  after: L["address"] | undefined,
  limit: number,
  isWanted: (lease: L) => boolean = () => true,
  sought?: Sought,
): Answer {
  const { leases, count } = listLeases(context, isWanted, after, limit, sought);
  const entries = function* (): Generator<readonly JsonEntry[]> {
    yield [["leases", leases]];
    yield [["count", count()]];
  };
  return answerCounted(context, new JsonEntries(entries()), count);
}

interface CountedList {
  readonly leases: JsonList;
  /** How many of them have been written. */
  readonly count: () => number;
}

function listLeases<L extends AnyLease>(
  context: LeaseContext<L>,
  isWanted: (lease: L) => boolean,
  after: L["address"] | undefined,
  limit: number,
  sought: Sought | undefined,
): CountedList {
  let count = 0;
  const items = function* () {
    for (const lease of allLeases(context, after, sought)) {
      if (lease instanceof Promise) yield lease;
      else if (isWanted(lease) && heldLease(lease) !== undefined) {
        count++;
        yield context.describe(lease);
        if (count >= limit) return;
      }
    }
  };
  return { leases: new JsonList(items()), count: () => count };
}

/** What counts them is asked for when they have been written, as keys are written in order. */
function answerCounted(context: Pick<DhcpContext, "family">, args: Json, count: () => number): Answer {
  return {
    arguments: args,
    get result() {
      return count() === 0 ? Result.empty : Result.success;
    },
    get text() {
      return foundText(context, count());
    },
  };
}

/**
 * All leases of a client.
 * @param name the client's; an empty one means all leases that have none, and those the store tells nobody
 * @param known those that the store tells by the name
 * @param nameOf the name in a lease: for when these may be not all
 */
export function answerClient<L extends AnyLease>(
  context: LeaseContext<L>,
  name: Uint8Array,
  known: readonly L[],
  nameOf: (lease: L) => Uint8Array | undefined,
): Answer {
  if (known.length >= CLIENT_LEASES || name.length === 0) {
    return streamLeases(context, (lease) => equalBytes(nameOf(lease) ?? NO_NAME, name));
  }
  const leases = known.filter((lease) => heldLease(lease) !== undefined);
  return answerLeases(
    context,
    leases.sort((a, b) => (a.address < b.address ? -1 : 1)),
  );
}

function answerLeases<L extends AnyLease>(context: LeaseContext<L>, leases: readonly L[]): Answer {
  return {
    arguments: { leases: JsonList.of(leases, context.describe) },
    result: leases.length === 0 ? Result.empty : Result.success,
    text: foundText(context, leases.length),
  };
}

function foundText({ family }: Pick<DhcpContext, "family">, count: number): string {
  return `${count} IPv${family} lease(s) found.`;
}
