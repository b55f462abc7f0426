/** All leases in memory, for any family: by client, by time; and which address or prefix of a pool may be given next. */
import type { Seconds } from "../../base/clock.ts";
import { INFINITE_LIFETIME, type Lease, LeaseState } from "../model/lease.ts";
import { CLIENT_LEASES, type LeaseTally } from "../model/lease-store.ts";
import type { ClientIndex } from "../rows/client-index.ts";
import { ExpiryCalendar } from "../rows/expiry-calendar.ts";
import { type ClientNames, LeaseBytes } from "../rows/lease-bytes.ts";
import { Field, LeaseRows, NO_SLOT } from "../rows/lease-rows.ts";
import { Availability } from "./availability.ts";

/** Bits of `Field.flags`; the lowest eight are the lease's state. */
const Flag = {
  state: 0xff,
  used: 0x100,
  fqdnFwd: 0x200,
  fqdnRev: 0x400,
  /** Not reclaimed although its time was over when last looked at: it is in the calendar `#over`. */
  over: 0x800,
} as const;

/** Leases whose end is taken notice of in one step: some 0.1 ms. */
const STEP = 1024;

/** Where the search in a pool stands. Its members are numbers: IPv4 addresses, or how far they are from the first. */
export interface SearchedPool {
  /** Where a search begins: at the part of the pool that `start` in [0, 1) says, else behind the member found last. */
  begin(start: number | undefined): number;
  /** The first member from `begin` on and then from the start of the pool that has no lease and is not excluded. */
  findFree(begin: number): number | undefined;
  /** The same for one whose lease is of this availability. */
  findLeased(availability: Availability, begin: number): number | undefined;
  /** The next search goes on behind this member. */
  leaveBehind(member: number): void;
}

/** What is in a lease and not in its row's common part is the family's business: the abstract methods. */
export abstract class LeaseTable<L extends Lease, Pool extends SearchedPool> {
  protected readonly rows: LeaseRows;
  protected readonly bytes: LeaseBytes<L>;
  /** Assigned, declined and offered leases whose end has not come, or has not been noticed. */
  readonly #running: ExpiryCalendar;
  /** Those whose end has been noticed. */
  readonly #over: ExpiryCalendar;
  readonly #reclaimed: ExpiryCalendar;
  #count = 0;
  /** Times in the table are this much behind the ones outside, so that all can be moved at once. */
  #offset: Seconds = 0;
  /** The time outside that was last heard of. */
  #now: Seconds;

  /** @param now leases that are over by then when they are put can be reclaimed at once, however many they are */
  constructor(now: Seconds, width: number, names: ClientNames<L>) {
    this.#now = now;
    const rows = new LeaseRows(width);
    this.rows = rows;
    this.bytes = new LeaseBytes(names);
    // A reclaimed lease without end has ended when it was last heard of.
    const secondOf = (slot: number) => {
      const lifetime = rows.get(slot, Field.validLifetime);
      return Math.ceil(rows.getCltt(slot) + (lifetime === INFINITE_LIFETIME ? 0 : lifetime));
    };
    this.#running = new ExpiryCalendar(rows, Field.calendarLinks, now, secondOf);
    this.#over = new ExpiryCalendar(rows, Field.calendarLinks, now, secondOf);
    this.#reclaimed = new ExpiryCalendar(rows, Field.calendarLinks, now, secondOf);
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
    return this.#count;
  }

  /** The lease at the address of `lease`. */
  current(lease: L): L | undefined {
    const slot = this.find(lease);
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
      before = this.#availabilityOf(slot);
      this.#leaveState(slot);
      this.#replaceBytes(slot, lease);
    }
    rows.set(slot, Field.validLifetime, lease.validLifetime);
    rows.setCltt(slot, lease.cltt - this.#offset);
    rows.set(slot, Field.subnetId, lease.subnetId);
    rows.set(slot, Field.poolId, lease.poolId);
    this.writeFields(slot, lease);
    const fqdn = (lease.fqdnFwd ? Flag.fqdnFwd : 0) | (lease.fqdnRev ? Flag.fqdnRev : 0);
    rows.set(slot, Field.flags, Flag.used | lease.state | fqdn);
    this.#enterState(slot);
    this.#change(slot, before);
  }

  /** Removes the lease at the address of `lease`, if there is one. */
  discard(lease: L): void {
    this.release(this.find(lease));
  }

  /** Removes the lease of a row. */
  protected release(slot: number): void {
    if (slot === NO_SLOT) return;
    const before = this.#availabilityOf(slot);
    if (before !== Availability.held) this.changeAvailability(slot, before, Availability.held);
    this.#leaveState(slot);
    this.leaveClients(slot);
    this.leave(slot);
    this.bytes.release(this.rows.get(slot, Field.bytes));
    this.rows.release(slot);
  }

  /**
   * A member of the pool that may be given, as `LeaseView.available` says. When very many leases have ended in the same
   * moment, some of them are noticed by later calls only, so that no packet waits for all of them.
   */
  protected search(pool: Pool, now: Seconds, start?: number): number | undefined {
    this.#now = now;
    const begin = pool.begin(start);
    const member =
      pool.findFree(begin) ??
      pool.findLeased(Availability.reclaimed, begin) ??
      this.#findOver(pool, begin) ??
      pool.findLeased(Availability.offered, begin);
    if (member !== undefined) pool.leaveBehind(member);
    return member;
  }

  /** What `search` finds, then what it would find if that were taken, and so on: each member once. */
  protected *searchOn(pool: Pool, now: Seconds, start?: number): Generator<number, undefined> {
    this.#now = now;
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
        pool.leaveBehind(member);
        const behind = pool.begin(undefined);
        yield member;
        const next = find(behind);
        // Around the end of the pool.
        member = next === first ? undefined : next;
      }
    }
    return undefined;
  }

  /** Leases in state assigned, declined or offered whose time is over; oldest first, at most `limit`. */
  expired(now: Seconds, limit: number): readonly L[] {
    this.#now = now;
    this.#notice(limit);
    return this.#over.due(now - this.#offset, limit).map((slot) => this.readLease(slot));
  }

  /** Reclaimed leases that ended at least `holdReclaimed` ago; oldest first, at most `limit`. */
  forgettable(now: Seconds, holdReclaimed: Seconds, limit: number): readonly L[] {
    this.#now = now;
    return this.#reclaimed.due(now - holdReclaimed - this.#offset, limit).map((slot) => this.readLease(slot));
  }

  /**
   * Every lease, in no order, those on offer left out; to be taken in steps while the table changes. A lease that is
   * there from the first step to the last comes once, as it is at that moment; one that is put, replaced or removed
   * meanwhile comes or does not come.
   */
  *walk(): IterableIterator<L> {
    const end = this.rows.end;
    for (let slot = 1; slot < end; slot++) {
      const flags = this.rows.get(slot, Field.flags);
      if (flags !== 0 && (flags & Flag.state) !== LeaseState.offered) yield this.readLease(slot);
    }
  }

  /** How many leases of a kind there are, those on offer left out. Builds no lease. */
  tally(): readonly LeaseTally[] {
    const bySubnet = new Map<number, { -readonly [Key in keyof LeaseTally]: LeaseTally[Key] }[]>();
    const end = this.rows.end;
    for (let slot = 1; slot < end; slot++) {
      const flags = this.rows.get(slot, Field.flags);
      const state = this.stateOf(slot);
      if (flags === 0 || state === LeaseState.offered) continue;
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

  /** Moves every time in the table, that of the table itself included, by whole seconds. */
  shift(seconds: Seconds): void {
    this.#offset += seconds;
    this.#now += seconds;
  }

  protected bytesOf(slot: number): LeaseBytes<L> {
    return this.bytes.at(this.rows.get(slot, Field.bytes));
  }

  protected clttOf(slot: number): Seconds {
    return this.rows.getCltt(slot) + this.#offset;
  }

  protected stateOf(slot: number): LeaseState {
    return (this.rows.get(slot, Field.flags) & Flag.state) as LeaseState;
  }

  protected hasFqdnFwd(slot: number): boolean {
    return (this.rows.get(slot, Field.flags) & Flag.fqdnFwd) !== 0;
  }

  protected hasFqdnRev(slot: number): boolean {
    return (this.rows.get(slot, Field.flags) & Flag.fqdnRev) !== 0;
  }

  /** Whether somebody has it, or is to have it. */
  protected isInUse(slot: number): boolean {
    return this.stateOf(slot) !== LeaseState.reclaimed && !this.#isOver(slot);
  }

  /** The leases of a client, the one that came last first; no more than the last `CLIENT_LEASES`. An empty name is nobody's. */
  protected leasesOf(index: ClientIndex, name: Uint8Array): readonly L[] {
    const leases: L[] = [];
    let slot = index.first(name);
    for (; slot !== NO_SLOT && leases.length < CLIENT_LEASES; slot = index.next(slot))
      leases.push(this.readLease(slot));
    return leases;
  }

  #isOver(slot: number): boolean {
    const lifetime = this.rows.get(slot, Field.validLifetime);
    return lifetime !== INFINITE_LIFETIME && this.rows.getCltt(slot) + lifetime <= this.#now - this.#offset;
  }

  #replaceBytes(slot: number, lease: L): void {
    if (this.bytesOf(slot).has(lease)) return;
    this.leaveClients(slot);
    this.rows.set(slot, Field.bytes, this.bytes.rewrite(this.rows.get(slot, Field.bytes), lease));
    this.enterClients(slot, lease);
  }

  /** The calendar that a lease belongs in by its flags; none for one that is held without end. */
  #calendarOf(slot: number): ExpiryCalendar | undefined {
    const flags = this.rows.get(slot, Field.flags);
    if ((flags & Flag.state) === LeaseState.reclaimed) return this.#reclaimed;
    if (this.rows.get(slot, Field.validLifetime) === INFINITE_LIFETIME) return undefined;
    return (flags & Flag.over) !== 0 ? this.#over : this.#running;
  }

  #availabilityOf(slot: number): Availability {
    const flags = this.rows.get(slot, Field.flags);
    if ((flags & Flag.state) === LeaseState.reclaimed) return Availability.reclaimed;
    if ((flags & Flag.over) !== 0) return Availability.over;
    return (flags & Flag.state) === LeaseState.offered ? Availability.offered : Availability.held;
  }

  #leaveState(slot: number): void {
    if (this.stateOf(slot) !== LeaseState.offered) this.#count--;
    this.#calendarOf(slot)?.remove(slot);
  }

  /** The fields of the row are set, `Flag.over` is not. */
  #enterState(slot: number): void {
    const state = this.stateOf(slot);
    if (state !== LeaseState.offered) this.#count++;
    if (state !== LeaseState.reclaimed && this.#isOver(slot)) {
      this.rows.set(slot, Field.flags, this.rows.get(slot, Field.flags) | Flag.over);
    }
    this.#calendarOf(slot)?.add(slot);
  }

  #change(slot: number, before: Availability): void {
    const after = this.#availabilityOf(slot);
    if (after !== before) this.changeAvailability(slot, before, after);
  }

  /** Takes notice of up to `limit` leases that have ended since. */
  #notice(limit: number): void {
    for (const slot of this.#running.due(this.#now - this.#offset, limit)) this.#reenterState(slot);
  }

  #reenterState(slot: number): void {
    const before = this.#availabilityOf(slot);
    this.#leaveState(slot);
    this.rows.set(slot, Field.flags, this.rows.get(slot, Field.flags) & ~Flag.over);
    this.#enterState(slot);
    this.#change(slot, before);
  }

  #findOver(pool: Pool, begin: number): number | undefined {
    this.#notice(STEP);
    for (;;) {
      const member = pool.findLeased(Availability.over, begin);
      if (member === undefined) return undefined;
      const slot = this.slotAt(pool, member);
      if (this.#isOver(slot)) return member;
      // The time went back since its end was noticed.
      this.#reenterState(slot);
    }
  }
}
