/** What a batch of a shared store needs of it. */
import type { Seconds } from "../../base/clock.ts";
import type { LeaseLimits } from "../limits/lease-limits.ts";
import type { Lease } from "../model/lease.ts";
import type { CommitResult, Succession } from "../model/lease-store.ts";
import type { OwnChange } from "./changes/own-changes.ts";
import type { LeaseDatabase, Loaded, Wanted } from "./lease-database.ts";
import type { Offers } from "./offers.ts";
import type { SharedPool } from "./pool/shared-pool.ts";
import type { SharedFamily } from "./shared-family.ts";

/** A batch whose changes are on their way. */
export interface SubmittedBatch<L, Key> {
  /** What becomes of it; never rejects. */
  readonly outcome: Promise<CommitResult>;
  /** What is to be changed in the database, and the numbers of the changes that are one there. */
  changes(): IterableIterator<OwnChange<L, Key>>;
  /** The pool that gave the key goes elsewhere for the next. */
  scatter(key: Key): void;
}

/** A change that is on its way to the database, or has been made while a load was under way that began before. */
export interface Underway<L, Batch> {
  readonly before: L | undefined;
  readonly after: L | undefined;
  readonly batch: Batch;
}

export interface SharedOwner<L extends Lease, Key, Range> {
  readonly family: SharedFamily<L, Key>;
  /** Leases on offer. */
  readonly offers: Offers<L, Key, Range>;
  now(): Seconds;
  /** In [0, 1). */
  random(): number;
  changeAt(key: Key): Underway<L, SubmittedBatch<L, Key>> | undefined;
  /** Leases that are being put. */
  changes(): Iterable<L>;
  /** Those of a client, in the order of the changes. */
  changesOf(identifier: string): Iterable<L>;
  /** The stamp of what a client claims by changes under way. */
  stampOf(identifier: string): number | undefined;
  succession: Succession<L>;
  limits: LeaseLimits;
  /** Loads and reads from the database, with changes kept at hand that the answer may not show. */
  load(wanted: Wanted<Key, Range>): Promise<Loaded<L>>;
  /** As `SharedPool.search`. */
  search(pool: SharedPool<L, Key, Range>, isBusy: (key: Key) => boolean): Promise<void>;
  read<T>(query: (database: LeaseDatabase<L, Key, Range>) => Promise<T>): Promise<T>;
  /** @returns what has become of the batch; never rejects */
  submit(batch: SubmittedBatch<L, Key>): Promise<CommitResult>;
}
