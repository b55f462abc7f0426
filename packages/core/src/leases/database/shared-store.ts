/**
 * Leases in a database that several servers share. Nothing of it is kept in memory but what is under way: changes until
 * they are durable and every load that may not have seen them has come back, leases on offer, and a stock of free keys
 * for each pool. All of that may be out of date; a change is made only where the database still has what was seen.
 */
import type { Clock, Seconds } from "../../base/clock.ts";
import { TransitMap } from "../../base/transit-map.ts";
import { LeaseLimits } from "../limits/lease-limits.ts";
import { expiryOf, type Lease, LeaseState } from "../model/lease.ts";
import type { LeaseLimit } from "../model/lease-limit.ts";
import type { CommitResult, LeaseTally, LeaseWatcher, Succession } from "../model/lease-store.ts";
import type { OwnChange } from "./changes/own-changes.ts";
import { IndexedLeases } from "./indexed-leases.ts";
import type { Change, LeaseDatabase, Search, SearchResult } from "./lease-database.ts";
import { LoadQueue } from "./load-queue.ts";
import { Offers } from "./offers.ts";
import type { SharedPool } from "./pool/shared-pool.ts";
import type { SharedFamily } from "./shared-family.ts";
import type { SharedOwner, SubmittedBatch, Underway } from "./shared-owner.ts";

/** Leases on offer that are remembered; a flood of DISCOVERs pushes out the oldest. */
const OFFERS = 65_536;

interface Waiting<L extends Lease, Key> {
  readonly batch: SubmittedBatch<L, Key>;
  readonly changes: readonly OwnChange<L, Key>[];
  readonly settle: (result: CommitResult) => void;
}

/** What of a batch is durable, and a load under way may not have seen. */
interface Settled<L extends Lease, Key> extends Pick<Waiting<L, Key>, "batch" | "changes"> {
  /** How many loads had begun by then. */
  readonly at: number;
}

export abstract class SharedStore<L extends Lease, Key, Range> {
  /** A round trip to load and one to commit; batches that wait for the second go together. */
  readonly batchesInFlight = 12;
  /** Packets gather while that many batches are under way: a client need not wait for others before. */
  readonly gathers = false;
  readonly #clock: Pick<Clock, "wall">;
  readonly #family: SharedFamily<L, Key>;
  protected readonly database: LeaseDatabase<L, Key, Range>;
  protected readonly owner: SharedOwner<L, Key, Range>;
  readonly #offers: Offers<L, Key, Range>;
  readonly #changes = new TransitMap<Key, Underway<L, SubmittedBatch<L, Key>>>();
  readonly #changedLeases: IndexedLeases<L, Key>;
  /** By clients' identifiers. */
  readonly #claims = new TransitMap<string, { readonly stamp: number; readonly batch: object }>();
  /** In the order in which they became so. */
  readonly #settled: Settled<L, Key>[] = [];
  readonly #watchers: LeaseWatcher<L>[] = [];
  /** Told of what comes free. */
  readonly #searchedPools = new Set<SharedPool<L, Key, Range>>();
  #lastSearch: Promise<unknown> = Promise.resolve();
  #loadsBegun = 0;
  /** Numbers of the loads that have not come back, ascending. */
  readonly #loading: number[] = [];
  #waiting: Waiting<L, Key>[] = [];
  #writing: Promise<void> | undefined;

  /** @param random makes numbers in [0, 1), for where to look in pools and for stamps */
  constructor(
    family: SharedFamily<L, Key>,
    database: LeaseDatabase<L, Key, Range>,
    clock: Pick<Clock, "wall">,
    random: () => number,
  ) {
    this.#family = family;
    this.database = database;
    this.#clock = clock;
    this.#offers = new Offers(family);
    this.#changedLeases = new IndexedLeases(family);
    const loads = new LoadQueue<L, Key, Range>((wanted) => this.#read((from) => from.load(wanted)));
    this.owner = {
      family,
      offers: this.#offers,
      now: () => this.#now(),
      random,
      changeAt: (key) => this.#changes.get(key),
      changes: () => this.#changedLeases.values(),
      changesOf: (identifier) => this.#changedLeases.ofClient(identifier),
      stampOf: (identifier) => this.#claims.get(identifier)?.stamp,
      load: (wanted) => loads.load(wanted),
      search: (pool, isBusy) => this.#searchPool(pool, isBusy),
      read: (query) => this.#read(query),
      submit: (batch) => this.#submit(batch),
      succession: (_, after) => after,
      limits: LeaseLimits.none,
    };
  }

  succeed(succession: Succession<L>): void {
    this.owner.succession = succession;
  }

  watch(watcher: LeaseWatcher<L>): void {
    this.#watchers.push(watcher);
  }

  limit(limits: readonly LeaseLimit[]): Promise<void> {
    this.owner.limits = new LeaseLimits(limits);
    return Promise.resolve();
  }

  asKept(lease: L): L {
    return this.database.asKept(lease);
  }

  tally(): Promise<readonly LeaseTally[]> {
    return this.database.tally();
  }

  countHeld(): Promise<readonly LeaseTally[]> {
    return this.database.countHeld();
  }

  /** The leases in the database live by the time of all servers: a clock that jumps moves none of them. */
  shift(): void {
    // Offers last for a minute, and end early then.
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.database.close();
  }

  #now(): Seconds {
    return Math.floor(this.#clock.wall());
  }

  #searchPool(pool: SharedPool<L, Key, Range>, isBusy: (key: Key) => boolean): Promise<void> {
    this.#searchedPools.add(pool);
    return pool.search({ now: () => this.#now(), search: (search) => this.#search(search), isBusy });
  }

  /** One after the other: the database is for others, too. */
  #search(search: Search<Key, Range>): Promise<SearchResult<L, Key>> {
    const result = this.#lastSearch.then(() => this.#read((from) => from.search(search)));
    this.#lastSearch = result.catch(() => {});
    return result;
  }

  async #read<T>(query: (database: LeaseDatabase<L, Key, Range>) => Promise<T>): Promise<T> {
    this.#sweep();
    const number = ++this.#loadsBegun;
    this.#loading.push(number);
    try {
      return await query(this.database);
    } finally {
      this.#loading.splice(this.#loading.indexOf(number), 1);
    }
  }

  /** Lets go of changes that every load from now on sees in the database, and of offers that are over. */
  #sweep(): void {
    const [oldest = Number.POSITIVE_INFINITY] = this.#loading;
    const kept = this.#settled.findIndex(({ at }) => at >= oldest);
    for (const { batch, changes } of this.#settled.splice(0, kept < 0 ? this.#settled.length : kept)) {
      for (const { key, change } of changes) this.#forget(batch, key, change);
    }
    const now = this.#now();
    // They were put in the order in which they end.
    for (const lease of this.#offers.values()) {
      if (this.#offers.size <= OFFERS && expiryOf(lease) > now) break;
      this.#offers.delete(this.#family.keyOf(lease));
    }
  }

  #submit(batch: SubmittedBatch<L, Key>): Promise<CommitResult> {
    const changes = [...batch.changes()];
    for (const { key, change } of changes) {
      const { before, after, claim } = change;
      this.#changes.set(key, { before, after, batch });
      this.#changedLeases.delete(key);
      if (after !== undefined) this.#changedLeases.put(after);
      if (claim !== undefined) this.#claims.set(claim.identifier, { stamp: claim.stamp, batch });
    }
    return new Promise((settle) => {
      this.#waiting.push({ batch, changes, settle });
      this.#writing ??= this.#write();
    });
  }

  async #write(): Promise<void> {
    for (let group = this.#nextGroup(); group.length > 0; group = this.#nextGroup()) {
      const changes = group.flatMap((waiting) => waiting.changes);
      try {
        const taken = await this.database.commit(
          changes.map(({ change }) => change),
          this.owner.limits,
        );
        let first = 0;
        for (const waiting of group) {
          this.#settle(waiting, (index) => taken.has(first + index));
          first += waiting.changes.length;
        }
      } catch (error) {
        for (const waiting of group) this.#fail(waiting, error instanceof Error ? error : new Error(String(error)));
      }
    }
    this.#writing = undefined;
  }

  /** Batches that wait go together, as long as no key is changed twice, and no client claims twice. */
  #nextGroup(): Waiting<L, Key>[] {
    const keys = new Set<Key>();
    const claims = new Set<string>();
    let count = 0;
    for (const { changes } of this.#waiting) {
      const isApart = changes.every(
        ({ key, change: { claim } }) => !keys.has(key) && (claim === undefined || !claims.has(claim.identifier)),
      );
      if (!isApart) break;
      for (const { key, change } of changes) {
        keys.add(key);
        if (change.claim !== undefined) claims.add(change.claim.identifier);
      }
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  #settle({ batch, changes, settle }: Waiting<L, Key>, isTaken: (index: number) => boolean): void {
    const taken = new Set<number>();
    changes.forEach(({ key, change, numbers }, index) => {
      if (isTaken(index)) {
        for (const number of numbers) taken.add(number);
        this.#forget(batch, key, change);
        batch.scatter(key);
        return;
      }
      this.#tell(change);
      this.#takeBack(key, change);
    });
    this.#settled.push({ batch, changes, at: this.#loadsBegun });
    settle(taken.size === 0 ? { kind: "durable" } : { kind: "taken", changes: taken });
  }

  #fail({ batch, changes, settle }: Waiting<L, Key>, error: Error): void {
    for (const { key, change } of changes) this.#forget(batch, key, change);
    settle({ kind: "failed", error });
  }

  #forget(batch: SubmittedBatch<L, Key>, key: Key, { claim }: Change<L>): void {
    if (this.#changes.get(key)?.batch === batch) {
      this.#changes.delete(key);
      this.#changedLeases.delete(key);
    }
    if (claim !== undefined && this.#claims.get(claim.identifier)?.batch === batch)
      this.#claims.delete(claim.identifier);
  }

  #takeBack(key: Key, { after }: Change<L>): void {
    if (after !== undefined && after.state !== LeaseState.reclaimed) return;
    for (const pool of this.#searchedPools) {
      if (pool.isSearched(this.#now())) pool.takeBack(key, after);
      else this.#searchedPools.delete(pool);
    }
  }

  #tell({ before, after }: Change<L>): void {
    for (const watcher of this.#watchers) {
      if (after !== undefined) watcher.put(after, before);
      else if (before !== undefined) watcher.discard(before);
    }
  }
}
