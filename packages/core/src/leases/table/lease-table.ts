/** All leases in memory, for any family: by client, by time; and which address or prefix of a pool may be given next. */
import type { Seconds } from "../../base/clock.ts";
import { LeaseCounts } from "../limits/lease-counts.ts";
import type { CountedLease, LeaseLimits } from "../limits/lease-limits.ts";
import { type Lease, LeaseState } from "../model/lease.ts";
import type { GivenLeases, LeaseLimit, LimitView, NewLease } from "../model/lease-limit.ts";
import { CLIENT_LEASES, type LeaseTally } from "../model/lease-store.ts";
import type { Sought } from "../model/sought.ts";
import type { ClientIndex } from "../rows/client-index.ts";
import { type ClientIdentifiers, LeaseBytes } from "../rows/lease-bytes.ts";
import { Field, LeaseRows, NO_SLOT } from "../rows/lease-rows.ts";
import { Availability } from "./availability.ts";
import { RowStates } from "./row-states.ts";

/** Leases whose end is taken notice of in one step: some 0.1 ms. Of those that are counted it is some 2 ms. */
const STEP = 1024;

/** Leases in a page that are passed over because they have not what is sought: some 0.2 ms. */
export const MOST_PASSED = 1024;

/** A count that is not complete. */
interface Recount {
  readonly counts: LeaseCounts;
  /** The row behind the last one that has been looked at. */
  end: number;
}

/** Where the search in a pool stands. Its members are numbers: IPv4 addresses, or how far they are from the first. */
export interface SearchedPool {
  /** Where a search begins: at the part of the pool that `start` in [0, 1) says, else behind the member given last. */
  begin(start: number | undefined): number;
  /** The first member from `begin` on and then from the start of the pool that has no lease and is not excluded. */
  findFree(begin: number): number | undefined;
  /** The same for one whose lease is of this availability. */
  findLeased(availability: Availability, begin: number): number | undefined;
  /** How many members somebody has. */
  readonly held: number;
  /** The member behind this one, around the end. */
  next(member: number): number;
}

const NONE: readonly never[] = [];

/** What is in a lease and not in its row's common part is the family's business: the abstract methods. */
export abstract class LeaseTable<L extends Lease, Pool extends SearchedPool> implements LimitView<L> {
  protected readonly rows: LeaseRows;
  protected readonly bytes: LeaseBytes<L>;
  protected readonly states: RowStates;
  #counts = new LeaseCounts();
  #recount: Recount | undefined;

  /** @param now leases that are over by then when they are put can be reclaimed at once, however many they are */
  constructor(now: Seconds, width: number, identifiers: ClientIdentifiers<L>) {
    this.rows = new LeaseRows(width);
    this.bytes = new LeaseBytes(identifiers);
    this.states = new RowStates(this.rows, now, (slot, before, after) => this.changeAvailability(slot, before, after));
  }

  /** The row of the lease at the same address. */
  protected abstract find(lease: L): number;
  protected abstract slotAt(pool: Pool, member: number): number;
  /** Writes the fields that make the lease another one when they change, and indexes the row by them. */
  protected abstract enter(slot: number, lease: L): void;
  protected abstract leave(slot: number): void;
  /** Whether a row that `find` found is entered where the lease belongs. */
  protected abstract isInPlace(slot: number, lease: L): boolean;
  protected abstract enterClients(slot: number, lease: L): void;
  protected abstract leaveClients(slot: number): void;
  /** Writes what else the family has in a row. */
  protected abstract writeFields(slot: number, lease: L): void;
  protected abstract readLease(slot: number): L;
  /** Where the family has more than one. */
  protected abstract typeOf(slot: number): LeaseTally["type"];
  /** An entered row begins as `held`. */
  protected abstract changeAvailability(slot: number, before: Availability, after: Availability): void;

  /** Leases held, those on offer left out. */
  get count(): number {
    return this.states.count;
  }

  /** The lease at the address of `lease`. */
  current(lease: L): L | undefined {
    return this.leaseAt(this.find(lease));
  }

  /** The lease of a row, if it is one. */
  protected leaseAt(slot: number): L | undefined {
    return slot === NO_SLOT ? undefined : this.readLease(slot);
  }

  /** Inserts or replaces. Putting the lease that was there before undoes a change. */
  put(lease: L): void {
    const rows = this.rows;
    let before: Availability = Availability.held;
    let slot = this.find(lease);
    if (slot !== NO_SLOT && !this.isInPlace(slot, lease)) {
      this.release(slot);
      slot = NO_SLOT;
    }
    if (slot === NO_SLOT) {
      slot = rows.allocate();
      this.enter(slot, lease);
      rows.set(slot, Field.bytes, this.bytes.write(lease));
      this.enterClients(slot, lease);
    } else {
      this.#count(slot, -1);
      before = this.states.leave(slot);
      this.#replaceBytes(slot, lease);
    }
    rows.set(slot, Field.subnetId, lease.subnetId);
    rows.set(slot, Field.poolId, lease.poolId);
    this.writeFields(slot, lease);
    this.states.enter(slot, lease, before);
    this.#count(slot, 1);
  }

  /** Removes the lease at the address of `lease`, if there is one. */
  discard(lease: L): void {
    this.release(this.find(lease));
  }

  /** Removes the lease of a row. */
  protected release(slot: number): void {
    if (slot === NO_SLOT) return;
    this.#count(slot, -1);
    const before = this.states.leave(slot);
    if (before !== Availability.held) this.changeAvailability(slot, before, Availability.held);
    this.leaveClients(slot);
    this.leave(slot);
    this.bytes.release(this.rows.get(slot, Field.bytes));
    this.rows.release(slot);
  }

  /**
   * A member of the pool that may be given, as `LeaseView4.available` says. When very many leases have ended in the same
   * moment, some of them are noticed by later calls only, so that no packet waits for all of them.
   */
  protected search(pool: Pool, now: Seconds, start?: number): number | undefined {
    this.states.hear(now);
    const begin = pool.begin(start);
    return (
      pool.findFree(begin) ??
      pool.findLeased(Availability.reclaimed, begin) ??
      this.#findOver(pool, begin) ??
      pool.findLeased(Availability.offered, begin)
    );
  }

  /** What `search` finds, then what it would find if that were taken, and so on: each member once. */
  protected *searchOn(pool: Pool, now: Seconds, start?: number): Generator<number, undefined> {
    this.states.hear(now);
    const begin = pool.begin(start);
    const searches = [
      (from: number) => pool.findFree(from),
      (from: number) => pool.findLeased(Availability.reclaimed, from),
      (from: number) => this.#findOver(pool, from),
      (from: number) => pool.findLeased(Availability.offered, from),
    ];
    for (const find of searches) {
      const first = find(begin);
      for (let member = first; member !== undefined; ) {
        yield member;
        const next = find(pool.next(member));
        // Around the end of the pool.
        member = next === first ? undefined : next;
      }
    }
    return undefined;
  }

  /** How many members of the pools are held. */
  protected heldIn(pools: readonly Pool[], now: Seconds): number {
    this.states.hear(now);
    this.states.notice(STEP);
    return pools.reduce((sum, pool) => sum + pool.held, 0);
  }

  /** Leases in state assigned, declined or offered whose time is over; oldest first, at most `limit`. */
  expired(now: Seconds, limit: number): readonly L[] {
    this.states.hear(now);
    return this.states.expired(limit).map((slot) => this.readLease(slot));
  }

  /** Reclaimed leases that ended at least `holdReclaimed` ago; oldest first, at most `limit`. */
  forgettable(now: Seconds, holdReclaimed: Seconds, limit: number): readonly L[] {
    this.states.hear(now);
    return this.states.forgettable(holdReclaimed, limit).map((slot) => this.readLease(slot));
  }

  /**
   * Every lease, in no order, those on offer left out; to be taken in steps while the table changes. A lease that is
   * there from the first step to the last comes once, as it is at that moment; one that is put, replaced or removed
   * meanwhile comes or does not come.
   */
  *walk(): IterableIterator<L> {
    const end = this.rows.end;
    for (let slot = 1; slot < end; slot++) {
      if (this.states.isUsed(slot) && this.states.stateOf(slot) !== LeaseState.offered) yield this.readLease(slot);
    }
  }

  /** How many leases of a kind there are, those on offer left out. Builds no lease. */
  tally(): readonly LeaseTally[] {
    const bySubnet = new Map<number, { -readonly [Key in keyof LeaseTally]: LeaseTally[Key] }[]>();
    const end = this.rows.end;
    for (let slot = 1; slot < end; slot++) {
      const state = this.states.stateOf(slot);
      if (!this.states.isUsed(slot) || state === LeaseState.offered) continue;
      const subnetId = this.rows.get(slot, Field.subnetId);
      const poolId = this.rows.get(slot, Field.poolId);
      const type = this.typeOf(slot);
      const tallies = bySubnet.get(subnetId);
      const alike = tallies?.find((each) => each.poolId === poolId && each.state === state && each.type === type);
      if (alike !== undefined) {
        alike.count++;
        continue;
      }
      const tally = { subnetId, poolId, state, type, count: 1 };
      if (tallies === undefined) bySubnet.set(subnetId, [tally]);
      else tallies.push(tally);
    }
    return [...bySubnet.values()].flat();
  }

  /** Counts the leases in use by these limits, in steps. They are in force when all have been counted. */
  *limit(limits: LeaseLimits): Generator<void, void> {
    const recount: Recount = { counts: new LeaseCounts(limits), end: 1 };
    this.#recount = limits.isEmpty ? undefined : recount;
    while (!limits.isEmpty && recount.end < this.rows.end) {
      for (let i = 0; i < STEP && recount.end < this.rows.end; i++) {
        const slot = recount.end++;
        if (this.states.isUsed(slot)) recount.counts.count(this.#counted(slot), 1);
      }
      yield;
    }
    this.#counts = recount.counts;
    this.#recount = undefined;
  }

  get isLimited(): boolean {
    return !this.#counts.limits.isEmpty;
  }

  get countsClasses(): boolean {
    return this.#counts.limits.countsClasses;
  }

  limitReached(lease: NewLease, ended: readonly L[], others?: readonly GivenLeases[]): LeaseLimit | undefined {
    return this.#counts.reached(lease, ended, others);
  }

  /** Moves every time in the table, that of the table itself included, by whole seconds. */
  shift(seconds: Seconds): void {
    this.states.shift(seconds);
  }

  protected bytesOf(slot: number): LeaseBytes<L> {
    return this.bytes.at(this.rows.get(slot, Field.bytes));
  }

  protected mayHave(slot: number, sought: Sought | undefined): boolean {
    return sought === undefined || this.bytesOf(slot).mayHave(sought);
  }

  /** The leases of a client, the one that came last first; no more than the last `CLIENT_LEASES`. An empty name is nobody's. */
  protected leasesOf(index: ClientIndex, name: Uint8Array): readonly L[] {
    const last = index.first(name);
    if (last === NO_SLOT) return NONE;
    const leases = [this.readLease(last)];
    for (let slot = index.next(last); slot !== NO_SLOT && leases.length < CLIENT_LEASES; slot = index.next(slot)) {
      leases.push(this.readLease(slot));
    }
    return leases;
  }

  #count(slot: number, delta: 1 | -1): void {
    if (!this.#counts.limits.isEmpty) this.#counts.count(this.#counted(slot), delta);
    const recount = this.#recount;
    if (recount !== undefined && slot < recount.end) recount.counts.count(this.#counted(slot), delta);
  }

  /** The text is read only where classes are counted. */
  #counted(slot: number): CountedLease {
    const bytesOf = () => this.bytesOf(slot);
    return {
      subnetId: this.rows.get(slot, Field.subnetId),
      state: this.states.stateOf(slot),
      type: this.typeOf(slot),
      get userContext() {
        return bytesOf().userContext();
      },
    };
  }

  #replaceBytes(slot: number, lease: L): void {
    if (this.bytesOf(slot).has(lease)) return;
    this.leaveClients(slot);
    this.rows.set(slot, Field.bytes, this.bytes.rewrite(this.rows.get(slot, Field.bytes), lease));
    this.enterClients(slot, lease);
  }

  #findOver(pool: Pool, begin: number): number | undefined {
    this.states.notice(STEP);
    for (;;) {
      const member = pool.findLeased(Availability.over, begin);
      if (member === undefined) return undefined;
      if (this.states.isStillOver(this.slotAt(pool, member))) return member;
    }
  }
}
