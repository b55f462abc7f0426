/** What a batch has changed, place by place, and what of it the database has to be told. */
import type { Change, Claim, NewClaim } from "./lease-database.ts";

/** What has become of one place in the batch: its first state and its last, and the numbers of the changes between. */
export interface Own<L> {
  readonly before: L | undefined;
  after: L | undefined;
  /** By the first state and the last. */
  given: Claim | undefined;
  readonly numbers: number[];
}

/** A change in the database, and the numbers of the batch's changes that it stands for. */
export interface OwnChange<L, Key> {
  readonly key: Key;
  readonly change: Change<L>;
  readonly numbers: readonly number[];
}

/** @param claimOf what a lease is claimed as */
export function* changesOf<L, Key>(
  own: ReadonlyMap<Key, Own<L>>,
  claimOf: (lease: L) => Claim | undefined,
  makeClaim: (given: Claim) => NewClaim,
): IterableIterator<OwnChange<L, Key>> {
  const claims = new Map<string, NewClaim>();
  const removed = new Map<string, L>();
  for (const { before, after, given } of own.values()) {
    if (given !== undefined) claims.set(given.name, makeClaim(given));
    const gone = after === undefined ? before && claimOf(before) : undefined;
    if (gone !== undefined) removed.set(gone.name, before!);
  }
  for (const [key, { before, after, given, numbers }] of own) {
    if (before === undefined && after === undefined) continue;
    const claim = given && claims.get(given.name);
    const had = before && claimOf(before);
    const isGone = had !== undefined && had.name !== (after && claimOf(after)?.name);
    const unclaimed = isGone && !claims.has(had.name) ? had : undefined;
    yield {
      key,
      change: { before, after, claim, replaces: claim && removed.get(claim.name), unclaimed },
      numbers,
    };
  }
}
