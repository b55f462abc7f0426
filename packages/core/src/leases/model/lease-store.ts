/**
 * What the servers ask of a lease back-end, whatever the family. Every back-end passes the suite in
 * `lease-store.contract.ts`.
 */
import type { Seconds } from "../../base/clock.ts";
import type { Lease } from "./lease.ts";
import type { LeaseType6 } from "./lease6.ts";

export type CommitResult =
  | { readonly kind: "durable" }
  /** Others were quicker: durable but for these changes, counted from 0, which have not been made. */
  | { readonly kind: "taken"; readonly changes: ReadonlySet<number> }
  /** Nobody may count on any of the changes. */
  | { readonly kind: "failed"; readonly error: Error };

/** Of a client's leases those that came last, no more: somebody may hang thousands on one identifier. */
export const CLIENT_LEASES = 64;

/** At once where all leases are in memory. */
export type Found<L> = readonly L[] | Promise<readonly L[]>;

/**
 * All changes of one batch of packets: durable together or not at all, save those that others were quicker with. A family
 * adds how leases are looked up.
 */
export interface LeaseBatch<L extends Lease> {
  /**
   * Look-ups so far that came to nothing because what they are about is not at hand. What was decided after one of them
   * counts for nothing, and is decided again after `load`. Always 0 where all leases are in memory.
   */
  readonly missed: number;
  /**
   * Look-ups so far that were answered with what was known when the client was offered something. What is decided after one
   * of them may be wrong, unless it changes leases: then the commit finds out. Always 0 where all leases are in memory.
   */
  readonly recalled: number;
  /** Whether look-ups from now on may be answered so; otherwise they are misses. */
  set mayRecall(isAllowed: boolean);
  /** Gets everything that look-ups have missed, in one round trip. Rejects when the database does not answer. */
  load(): Promise<void>;
  /**
   * Leases in state assigned, declined or offered whose time is over, at most `limit`; oldest first, but those that have
   * been over for most of a day may come in any order.
   */
  expired(now: Seconds, limit: number): Found<L>;
  /**
   * Reclaimed leases whose hold time is over (`hold-reclaimed-time` after they expired, or after the last transmission
   * where the lease was one without end), at most `limit`.
   */
  forgettable(now: Seconds, holdReclaimed: Seconds, limit: number): Found<L>;
  /** Whether what was found there is still held: others may have changed it while the answer was on its way. */
  stillHolds(found: L): boolean;
  /** Changes made so far: calls of `put`, of `relyOn`, and of those that remove something. */
  readonly size: number;
  /** Inserts or replaces. A lease in state `offered` stays in memory. */
  put(lease: L): void;
  /** Removes what is held where this lease was. */
  discard(lease: L): void;
  /**
   * Somebody is to be told that this lease, just looked up, stands as it is. That counts as a change: `commit` waits until what
   * was seen there is durable, and when it is not to be, the number is among those of the changes that were `taken`.
   */
  relyOn(lease: L): void;
  /**
   * Resolves when every change is durable (`fdatasync`, or a committed transaction), or has been undone. At once when
   * nothing has to be written or waited for. Never rejects.
   */
  commit(): Promise<CommitResult>;
  /** Instead of `commit`: nothing of the batch is to be, however much of a change has been made. */
  abandon(): void;
}

/** Who is told what has become of leases, one by one. */
export interface LeaseWatcher<L extends Lease> {
  /** @param before what was held in its place; `undefined` for nothing, or for an offer */
  put(lease: L, before: L | undefined): void;
  /** @param lease what was held, and is not any more */
  discard(lease: L): void;
}

/**
 * What becomes of an address when its lease changes.
 * @param before what is held there; `undefined` for nothing, or for an offer
 * @param after what is put there; `undefined` when the address is to be free
 * @returns what is kept there: `after`, unless something of what was there has to stay
 */
export type Succession<L extends Lease> = (before: L | undefined, after: L | undefined) => L | undefined;

/** How many leases there are that are alike in what they are counted by. */
export interface LeaseTally extends Pick<Lease, "subnetId" | "poolId" | "state"> {
  /** `undefined` in DHCPv4. */
  readonly type: LeaseType6 | undefined;
  readonly count: number;
}

/** What is told of leases, one by one. */
export interface LeaseTarget<L extends Lease> {
  put(lease: L): void;
  /** @param lease what is held where this one was, is not any more */
  discard(lease: L): void;
}

export interface LeaseStore<L extends Lease, Batch extends LeaseBatch<L> = LeaseBatch<L>> {
  /** Begins a batch. */
  begin(): Batch;
  /** How many batches may be under way at a time before their packets had better wait. */
  readonly batchesInFlight: number;
  /** Whether packets that come soon after others had better gather for the next batch. */
  readonly gathers: boolean;
  /**
   * From now on `watcher` is told, too, of each lease that is put or discarded, offers left out: once that is durable, in
   * the order of the commits, before `commit` resolves. It must not throw.
   */
  watch(watcher: LeaseWatcher<L>): void;
  /** From now on every change, offers left out, is what `succession` makes of it. It must not throw. */
  succeed(succession: Succession<L>): void;
  /** The lease as it comes back once it is durable. Absent where that is as it was put. */
  asKept?(lease: L): L;
  /** What there is, offers left out. Goes through all leases: for the start, before any batch. */
  tally(): Promise<readonly LeaseTally[]>;
  /**
   * How many leases are in use or declined by now, whoever changed them; costs little. Absent where nobody but this store
   * changes any: then who watches knows.
   */
  countHeld?(): Promise<readonly LeaseTally[]>;
  /**
   * Moves every time in the store by `seconds` and makes the moved times durable in the background. Leases that several
   * servers share live by the time of all of them, and stay.
   */
  shift(seconds: Seconds): void;
  /**
   * Rewrites the file with one row a lease, beside service. Resolves when that is done or has failed, which is reported.
   * Absent where leases are in no file.
   */
  compact?(): Promise<void>;
  close(): Promise<void>;
}
