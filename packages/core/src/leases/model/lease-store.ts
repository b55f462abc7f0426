/**
 * What the servers ask of a lease back-end, whatever the family. Every back-end passes the suite in
 * `lease-store.contract.ts`.
 */
import type { Seconds } from "../../base/clock.ts";
import type { Lease } from "./lease.ts";
import type { LeaseLimit, LimitView } from "./lease-limit.ts";
import type { LeaseType6 } from "./lease6.ts";

export type CommitResult =
  | { readonly kind: "durable" }
  /** Durable, except for these changes, counted from 0: they were not made, because another server was quicker. */
  | { readonly kind: "taken"; readonly changes: ReadonlySet<number> }
  /** None of the changes may be relied on. */
  | { readonly kind: "failed"; readonly error: Error };

/** The most leases of one client that a look-up gives, the latest first: a client may have taken thousands. */
export const CLIENT_LEASES = 64;

/** By what id of a relay leases are found for it (RFC 6926 §6.2.1, RFC 5460 §5.4). */
export type RelayIdKind = "relay-id" | "remote-id";

/** By what leases are found where they are not all in memory: the id of a relay, or their name in upper or lower case. */
export type LeaseMark =
  | { readonly kind: RelayIdKind; readonly id: Uint8Array }
  | { readonly kind: "hostname"; readonly name: string };

/** A promise only where leases are not all in memory. */
export type Found<L> = readonly L[] | Promise<readonly L[]>;

/**
 * The changes of one batch of packets. They become durable together or not at all, except for those that were taken by
 * another server. Each family adds how leases are looked up.
 */
export interface LeaseBatch<L extends Lease> extends LimitView<L> {
  /**
   * How many look-ups have missed so far: they asked for something that is not in memory. What was decided after a miss is
   * decided again after `load`. Always 0 where all leases are in memory.
   */
  readonly missed: number;
  /**
   * How many look-ups were answered with what was known when the client was made an offer. A decision that rests on such an
   * answer may be wrong, unless it changes leases: then the commit finds out. Always 0 where all leases are in memory.
   */
  readonly recalled: number;
  /** Whether look-ups from now on may be answered in this way; otherwise they are misses. */
  set mayRecall(isAllowed: boolean);
  /** Loads everything that look-ups have missed, in one round trip. Rejects if the database does not answer. */
  load(): Promise<void>;
  /**
   * Leases in state assigned, declined or offered whose time is over, at most `limit`, the oldest first. Those that have been
   * over for most of a day may come in any order.
   */
  expired(now: Seconds, limit: number): Found<L>;
  /**
   * Reclaimed leases that need not be remembered any longer, at most `limit`: `hold-reclaimed-time` has passed since they
   * expired, or, for a lease without end, since the client's last transmission.
   */
  forgettable(now: Seconds, holdReclaimed: Seconds, limit: number): Found<L>;
  /** Whether the lease that was found is still held: it may have been changed while the answer was on its way. */
  stillHolds(found: L): boolean;
  /** How many changes have been made so far: calls of `put`, of `relyOn`, and of the functions that remove something. */
  readonly size: number;
  /** Inserts or replaces. A lease in state `offered` stays in memory. */
  put(lease: L): void;
  /** Removes the lease that is held at this one's address. */
  discard(lease: L): void;
  /**
   * A client will be told that this lease, which was just looked up, stands as it is. This counts as a change: `commit` waits
   * until what was seen there is durable. If it fails to be, the change is among those that were `taken`.
   */
  relyOn(lease: L): void;
  /**
   * Resolves when every change is durable (`fdatasync`, or a committed transaction) or has been undone; at once if there is
   * nothing to write or to wait for. Never rejects.
   */
  commit(): Promise<CommitResult>;
  /** Instead of `commit`: undoes all changes, also one that was interrupted half-way. */
  abandon(): void;
}

/** Is told of each change of a lease. */
export interface LeaseWatcher<L extends Lease> {
  /** @param before what was held at its address; `undefined` for nothing, or for an offer */
  put(lease: L, before: L | undefined): void;
  /** @param lease what is no longer held */
  discard(lease: L): void;
}

/**
 * Decides what is kept at an address when its lease changes.
 * @param before what is held there; `undefined` for nothing, or for an offer
 * @param after what is put there; `undefined` if the address becomes free
 * @returns what is kept there: `after`, unless something of `before` has to stay
 */
export type Succession<L extends Lease> = (before: L | undefined, after: L | undefined) => L | undefined;

/** How many leases have the same subnet, pool, state and type. */
export interface LeaseTally extends Pick<Lease, "subnetId" | "poolId" | "state"> {
  /** `undefined` in DHCPv4. */
  readonly type: LeaseType6 | undefined;
  readonly count: number;
}

/** Takes leases, one by one. */
export interface LeaseTarget<L extends Lease> {
  put(lease: L): void;
  /** The lease at this one's address is no longer held. */
  discard(lease: L): void;
}

export interface LeaseStore<L extends Lease, Batch extends LeaseBatch<L> = LeaseBatch<L>> {
  /** Begins a batch. */
  begin(): Batch;
  /** How many batches may be under way at a time; packets that come then wait. */
  readonly batchesInFlight: number;
  /** Whether packets that come soon after others should be gathered for the next batch. */
  readonly gathers: boolean;
  /**
   * From now on `watcher`, too, is told of each lease that is put or discarded, except for offers: once the change is
   * durable, in the order of the commits, before `commit` resolves. The watcher must not throw.
   */
  watch(watcher: LeaseWatcher<L>): void;
  /** From now on `succession` decides about every change, except for offers. It must not throw. */
  succeed(succession: Succession<L>): void;
  /**
   * From now on leases are counted by these limits, and no others. Whatever changes leases may still exceed them: who gives
   * a client something asks `limitReached`. Resolves when they are in force.
   */
  limit(limits: readonly LeaseLimit[]): Promise<void>;
  /** The lease as it will be read back. Absent where it is read back as it was put. */
  asKept?(lease: L): L;
  /** Counts all leases except for offers. It goes through all of them. */
  tally(): Promise<readonly LeaseTally[]>;
  /**
   * How many leases are assigned, registered or declined now, whoever changed them; costs little. Absent where only this store
   * changes leases: then its watchers know.
   */
  countHeld?(): Promise<readonly LeaseTally[]>;
  /**
   * Moves all times in the store by `seconds`, and makes them durable in the background. Does nothing to leases that several
   * servers share, since their times belong to all servers.
   */
  shift(seconds: Seconds): void;
  /**
   * Rewrites the file with one row for each lease while service goes on. Resolves when that is done or has failed; a failure
   * is reported. Absent where leases are in no file.
   */
  compact?(): Promise<void>;
  close(): Promise<void>;
}
