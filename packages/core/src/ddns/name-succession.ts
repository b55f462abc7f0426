/** A lease that ends, or gets another name, leaves behind what is to be taken out of the DNS. */
import type { Seconds } from "../base/clock.ts";
import type { Adoption } from "../leases/model/adoption.ts";
import { type Lease, LeaseState } from "../leases/model/lease.ts";
import type { LeaseBatch, Succession } from "../leases/model/lease-store.ts";
import {
  isSameRemoval,
  type OwedRemoval,
  owedRemovals,
  owesRemovals,
  withOwedRemovals,
} from "../leases/user-context/owed-removals.ts";
import type { NamedFamily } from "./named-family.ts";
import { isPublished, isSameName, isSameOwner, leavesName, removalOf } from "./published-name.ts";

/** A client that changes its name faster than the DNS follows has none in the meantime. */
const MOST_OWED = 16;
/** How long an address that is to be free is kept for what it owes, before upkeep looks at it again. */
const KEPT: Seconds = 3600;

/**
 * @param now of the lease clock
 * @param isPaid whether a removal has been confirmed, and is owed no more
 * @param adoption how the change that is made just now comes from another server; `undefined` if it does not
 */
export function nameSuccession<L extends Lease, Batch extends LeaseBatch<L>>(
  { identify, standIn }: Pick<NamedFamily<L, Batch>, "identify" | "standIn">,
  now: () => Seconds,
  isPaid: (lease: L, removal: OwedRemoval) => boolean,
  adoption: () => Adoption | undefined = () => undefined,
): Succession<L> {
  /** Whether the other server has told the DNS of the end of what is here. */
  const isToldElsewhere = (before: L, after: L | undefined): boolean => {
    const as = adoption();
    if (as === undefined || after === undefined) return as !== undefined;
    const isSame = isSameOwner(before, after, identify);
    if (as === "fetched") return isSame && !isPublished(after);
    // It gives an address to somebody else when the lease is over; otherwise it has known nothing of it.
    return isSame || before.cltt + before.validLifetime <= now();
  };
  return (before, after) => {
    // What another server owes it pays itself.
    if (before === undefined) return adoption() === undefined || after === undefined ? after : withoutCopies(after);
    const { removals, isGone } = owedRemovals(before.userContext);
    const isLost =
      !isToldElsewhere(before, after) &&
      leavesName(before) &&
      !(after !== undefined && isPublished(after) && isSameName(before, after, identify));
    if (!isLost && removals.length === 0) return after && withoutCopies(after);
    const owed = removals.filter((removal) => !isPaid(before, removal));
    if (isLost) {
      const lost = removalOf(before, identify);
      if (!owed.some((removal) => isSameRemoval(removal, lost))) owed.push(lost);
    }
    if (after === undefined) return owed.length === 0 ? undefined : standIn(keepFor(before, owed, now()));
    // Only what itself is kept for nothing but its debts is gone when they are paid.
    const stillGone = isGone && owesNothingElse(after);
    if (stillGone && owed.length === 0) return undefined;
    const userContext = withOwedRemovals(after.userContext, { removals: owed, isGone: stillGone });
    const isHeldBack = owed.length >= MOST_OWED && isPublished(after) && (isLost || !isPublished(before));
    return { ...after, userContext, ...(isHeldBack ? { fqdnFwd: false, fqdnRev: false } : {}) };
  };
}

/** Whoever has copied the user context of a lease does not know what has been paid since. */
function withoutCopies<L extends Lease>(lease: L): L {
  if (!owesRemovals(lease.userContext)) return lease;
  return { ...lease, userContext: withOwedRemovals(lease.userContext, { removals: [], isGone: false }) };
}

function owesNothingElse({ state, userContext }: Lease): boolean {
  return state === LeaseState.reclaimed && owedRemovals(userContext).isGone;
}

/** Free to be given. */
function keepFor<L extends Lease>(lease: L, removals: readonly OwedRemoval[], now: Seconds): L {
  return {
    ...lease,
    state: LeaseState.reclaimed,
    cltt: Math.floor(now),
    validLifetime: KEPT,
    hostname: "",
    fqdnFwd: false,
    fqdnRev: false,
    userContext: withOwedRemovals(lease.userContext, { removals, isGone: true }),
  };
}
