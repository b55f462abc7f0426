/** What `SharedStore` asks of a database that several servers share. Every call is one round trip, and rejects if that fails. */
import type { Seconds } from "../../base/clock.ts";
import type { LeaseLimits } from "../limits/lease-limits.ts";
import type { Lease } from "../model/lease.ts";
import type { LeaseLimit } from "../model/lease-limit.ts";
import type { LeaseMark, LeaseTally } from "../model/lease-store.ts";

/** What is looked up in one round trip. */
export interface Wanted<Key, Range> {
  /** Leases at these addresses. */
  readonly keys: ReadonlySet<Key>;
  /** The leases of clients with these identifiers, of each the 64 that end last, and the stamps of their claims. */
  readonly identifiers: ReadonlySet<string>;
  /** Prefixes in use, of other lengths, that share addresses with one of these: up to 64 for each. */
  readonly crossings: readonly Range[];
  /** How many leases these count. */
  readonly limits: ReadonlySet<LeaseLimit>;
}

/** A search for something to give in a pool that is nearly full. */
export interface Search<Key, Range> {
  readonly range: Range;
  /** Parts of the range, two at most, in which a key without a lease is looked for, one after the other. */
  readonly spans: readonly Span<Key>[];
  readonly now: Seconds;
}

export interface Span<Key> {
  readonly first: Key;
  readonly last: Key;
}

export interface SearchResult<L, Key> {
  /** The first key in the spans that has no lease. */
  readonly gap: Key | undefined;
  /** Some leases in the range that are reclaimed or over, reclaimed ones first. */
  readonly over: readonly { readonly key: Key; readonly lease: L }[];
}

export interface Loaded<L> {
  /** In any order; a lease may come more than once. */
  readonly leases: readonly L[];
  /** Stamps by the identifiers of those who claim something. */
  readonly claims: ReadonlyMap<string, number>;
  /** What was found for `crossings`, in any order. */
  readonly crossed: readonly L[];
  /** What was asked for by `limits`. */
  readonly counts: ReadonlyMap<LeaseLimit, number>;
}

/** A note of the lease that a client was given last, one for each client, whatever has become of the lease. */
export interface Claim {
  /** As in `Wanted.identifiers`. */
  readonly identifier: string;
  /** Address or prefix as text. The claim is removed together with the lease there. */
  readonly address: string;
}

/**
 * A claim that is made only if the client has claimed nothing since its leases were looked up. This keeps two servers from
 * giving a client two leases where it may have one, whatever subnets and networks they are in. A client that moves between
 * networks may claim in each in turn.
 */
export interface NewClaim extends Claim {
  /** A whole number that no other claim has. */
  readonly stamp: number;
  /** The stamp of the claim that was seen. */
  readonly seen: number | undefined;
}

/** A change that is made only if the database still has what was seen. `before`, `after` or both are given. */
export interface Change<L> {
  /** The lease that was seen there. */
  readonly before: L | undefined;
  readonly after: L | undefined;
  /** If a client is given something that it did not have: one object for all that it is given in a batch. */
  readonly claim: NewClaim | undefined;
  /** The lease that the client gives up for it, whose removal is also a change: this one is made only if that is as it was seen. */
  readonly replaces: L | undefined;
  /** What the client gets for one that is removed, also a change: the removal is made only if that one is. */
  readonly replacement: L | undefined;
  /** A claim that is removed. */
  readonly unclaimed: Claim | undefined;
}

/** The indexes of changes that depend on each other, together: each of these can be made without the rest. */
export function unitsOf<L>(changes: readonly Change<L>[]): readonly (readonly number[])[] {
  const units = new Map<L, number[]>();
  for (const [index, { before, after, replacement }] of changes.entries()) {
    const lease = (replacement ?? after ?? before)!;
    units.set(lease, [...(units.get(lease) ?? []), index]);
  }
  return [...units.values()];
}

/**
 * Is told of a change that the database refuses in any case, for instance because of a number that a column cannot hold. The
 * change counts as not made.
 */
export type OnRefused<L extends Lease> = (change: Change<L>, error: Error) => void;

export interface LeaseDatabase<L extends Lease, Key, Range> {
  /** Whether leases may be in state registered: Kea's schemas before 29.0 do not have it. Not while the database is away. */
  readonly keepsRegistered: boolean;
  /** Has to read the claims before the leases: whoever sees a claim must also see the lease that it was made for. */
  load(wanted: Wanted<Key, Range>): Promise<Loaded<L>>;
  /** May take long; loads and commits do not wait for it. */
  search(search: Search<Key, Range>): Promise<SearchResult<L, Key>>;
  /**
   * Makes the changes in one transaction; each key occurs at most once. Resolves when they are durable.
   * @param limits none unless given: what clients are given may not exceed them; they are counted in the same transaction, and others that
   *   give something have to wait for its end
   * @returns the indexes of changes that were not made, because the database no longer has what was seen, or has too much
   */
  commit(changes: readonly Change<L>[], limits?: LeaseLimits): Promise<ReadonlySet<number>>;
  /** The lease as it will be read back from the database, whose columns may have limits. */
  asKept(lease: L): L;
  expired(now: Seconds, limit: number): Promise<readonly L[]>;
  forgettable(now: Seconds, holdReclaimed: Seconds, limit: number): Promise<readonly L[]>;
  /** Leases above `after`, in ascending order. */
  page(after: Key | undefined, limit: number, type?: number): Promise<readonly L[]>;
  /** As `page`, of any type, those that have the mark, at the cost of these. */
  marked(mark: LeaseMark, after: Key | undefined, limit: number): Promise<readonly L[]>;
  tally(): Promise<readonly LeaseTally[]>;
  /** Counts leases that are assigned, registered or declined, by Kea's tables of statistics. */
  countHeld(): Promise<readonly LeaseTally[]>;
  close(): Promise<void>;
}
