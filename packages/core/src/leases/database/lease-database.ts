/** What `SharedStore` asks of a database that several servers share. Every call is one round trip; all reject when it fails. */
import type { Seconds } from "../../base/clock.ts";
import type { Lease } from "../model/lease.ts";
import type { LeaseTally } from "../model/lease-store.ts";

/** What is looked for in one round trip. */
export interface Wanted<Key, Range> {
  /** Leases at these addresses. */
  readonly keys: ReadonlySet<Key>;
  /** Leases of these clients, of each the 64 that end last, and the stamps of their claims. */
  readonly identifiers: ReadonlySet<string>;
  /** Prefixes in use, of other lengths, that share addresses with one of these: up to 64 for each. */
  readonly crossings: readonly Range[];
}

/** Looks for something to give in a pool that is nearly full. */
export interface Search<Key, Range> {
  readonly range: Range;
  /** Parts of it, two at most, to look in for a key without a lease, one after the other. */
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
  /** In any order, the same lease perhaps more than once. */
  readonly leases: readonly L[];
  /** Stamps by the identifiers of those who claim something. */
  readonly claims: ReadonlyMap<string, number>;
  /** What was found for `crossings`, in any order. */
  readonly crossed: readonly L[];
}

/** That a client has been given a lease: one a client, the last, whatever has become of the lease. */
export interface Claim {
  /** As in `Wanted.identifiers`. */
  readonly identifier: string;
  /** Address, or prefix, in text: the claim goes when the lease there does. */
  readonly address: string;
}

/**
 * Made only where the client has claimed nothing since its leases were looked at. That is what keeps two servers from giving
 * a client two leases where it may have one: it holds whatever their subnets are, and whatever networks they are in. A
 * client that wanders may claim in several in turn.
 */
export interface NewClaim extends Claim {
  /** Of this claim only, a whole number. */
  readonly stamp: number;
  /** The stamp of the claim that was seen. */
  readonly seen: number | undefined;
}

/** A change that is made only where the database still has what was seen. At least one of the leases is there. */
export interface Change<L> {
  /** The lease that was seen there. */
  readonly before: L | undefined;
  readonly after: L | undefined;
  /** Where a client is given what it did not have: one object for all that it is given in a batch. */
  readonly claim: NewClaim | undefined;
  /** The lease that the client gives up for it: without its removal, which is among the changes, this one is not made. */
  readonly replaces: L | undefined;
  /** What nobody claims any more. */
  readonly unclaimed: Claim | undefined;
}

/**
 * Told of a change that the database does not take whatever is there, such as a number that a column cannot hold. It
 * counts as not made.
 */
export type OnRefused<L extends Lease> = (change: Change<L>, error: Error) => void;

export interface LeaseDatabase<L extends Lease, Key, Range> {
  /** Claims are to be looked at before the leases: who sees a claim must see the lease that it was made for. */
  load(wanted: Wanted<Key, Range>): Promise<Loaded<L>>;
  /** May take long: loads and commits do not wait for it. */
  search(search: Search<Key, Range>): Promise<SearchResult<L, Key>>;
  /**
   * Makes the changes in one transaction, each key at most once. Resolves when that is durable.
   * @returns the indexes of those not made, because the database has something else than what was seen
   */
  commit(changes: readonly Change<L>[]): Promise<ReadonlySet<number>>;
  /** The lease as it comes back from the database, which may have bounds of its own. */
  asKept(lease: L): L;
  expired(now: Seconds, limit: number): Promise<readonly L[]>;
  forgettable(now: Seconds, holdReclaimed: Seconds, limit: number): Promise<readonly L[]>;
  /** Ascending, above `after`; of one range of keys. */
  page(after: Key | undefined, limit: number, type?: number): Promise<readonly L[]>;
  tally(): Promise<readonly LeaseTally[]>;
  /** Of leases in use and declined ones, as Kea's tables of statistics have it. */
  countHeld(): Promise<readonly LeaseTally[]>;
  close(): Promise<void>;
}
