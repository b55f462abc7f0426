/** All leases in memory: by address, by client, by time; and which addresses of a pool may be given next. */
import type { Seconds } from "../base/clock.ts";
import type { Ipv4 } from "../ip/ipv4.ts";
import { AddressSet, NO_ADDRESS } from "./address-set.ts";
import { ClientIndex } from "./client-index.ts";
import { ExpiryCalendar } from "./expiry-calendar.ts";
import { hashAddress } from "./keyed-hash.ts";
import { LeaseBytes } from "./lease-bytes.ts";
import { LeasePool } from "./lease-pool.ts";
import { Field, LeaseRows, NO_SLOT } from "./lease-rows.ts";
import type { LeaseView, PoolCursor, PoolRange } from "./lease-store.ts";
import { INFINITE_LIFETIME, type Lease4, LeaseState } from "./lease4.ts";
import { SlotIndex } from "./slot-index.ts";

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

export class LeaseTable implements LeaseView {
  readonly #rows = new LeaseRows();
  readonly #bytes = new LeaseBytes();
  readonly #byAddress: SlotIndex<Ipv4>;
  readonly #byHwaddr: ClientIndex;
  readonly #byClientId: ClientIndex;
  /** Assigned, declined and offered leases whose end has not come, or has not been noticed. */
  readonly #running: ExpiryCalendar;
  /** Those whose end has been noticed. */
  readonly #over: ExpiryCalendar;
  readonly #reclaimed: ExpiryCalendar;
  /** Every address in the table, and of those the ones that a full pool may still give. */
  readonly #leased = new AddressSet();
  readonly #reclaimedAddresses = new AddressSet();
  readonly #overAddresses = new AddressSet();
  readonly #offeredAddresses = new AddressSet();
  #count = 0;
  /** Times in the table are this much behind the ones outside, so that all can be moved at once. */
  #offset: Seconds = 0;
  /** The time outside that was last heard of. */
  #now: Seconds;

  /** @param now leases that are over by then when they are put can be reclaimed at once, however many they are */
  constructor(now: Seconds) {
    this.#now = now;
    const rows = this.#rows;
    const secondOf = (slot: number) => Math.ceil(rows.getCltt(slot) + rows.get(slot, Field.validLifetime));
    this.#byAddress = new SlotIndex((slot, address) => rows.get(slot, Field.address) === address);
    this.#byHwaddr = new ClientIndex(rows, Field.hwaddrLinks, (slot, key) => this.#bytesOf(slot).hasHwaddr(key));
    this.#byClientId = new ClientIndex(rows, Field.clientIdLinks, (slot, key) => this.#bytesOf(slot).hasClientId(key));
    this.#running = new ExpiryCalendar(rows, Field.calendarLinks, now, secondOf);
    this.#over = new ExpiryCalendar(rows, Field.calendarLinks, now, secondOf);
    this.#reclaimed = new ExpiryCalendar(rows, Field.calendarLinks, now, secondOf);
  }

  /** Leases held, those on offer left out. */
  get count(): number {
    return this.#count;
  }

  byAddress(address: Ipv4): Lease4 | undefined {
    const slot = this.#find(address);
    return slot === NO_SLOT ? undefined : this.#lease(slot);
  }

  /** The lease that came last is the first. An empty hardware address is nobody's. */
  byHwaddr(hwaddr: Uint8Array): readonly Lease4[] {
    const leases: Lease4[] = [];
    const index = this.#byHwaddr;
    for (let slot = index.first(hwaddr); slot !== NO_SLOT; slot = index.next(slot)) leases.push(this.#lease(slot));
    return leases;
  }

  /** The lease that came last is the first. An empty client id is nobody's. */
  byClientId(clientId: Uint8Array): readonly Lease4[] {
    const leases: Lease4[] = [];
    const index = this.#byClientId;
    for (let slot = index.first(clientId); slot !== NO_SLOT; slot = index.next(slot)) leases.push(this.#lease(slot));
    return leases;
  }

  /** Inserts or replaces. Putting the lease that was there before undoes a change. */
  put(lease: Lease4): void {
    let slot = this.#find(lease.address);
    if (slot === NO_SLOT) {
      slot = this.#rows.allocate();
      this.#rows.set(slot, Field.address, lease.address);
      this.#rows.set(slot, Field.bytes, this.#bytes.write(lease));
      this.#byAddress.add(slot, hashAddress(lease.address));
      this.#leased.add(lease.address);
      this.#enterClients(slot, lease);
    } else {
      this.#leaveState(slot);
      this.#replaceBytes(slot, lease);
    }
    this.#rows.set(slot, Field.validLifetime, lease.validLifetime);
    this.#rows.setCltt(slot, lease.cltt - this.#offset);
    this.#rows.set(slot, Field.subnetId, lease.subnetId);
    this.#rows.set(slot, Field.poolId, lease.poolId);
    const fqdn = (lease.fqdnFwd ? Flag.fqdnFwd : 0) | (lease.fqdnRev ? Flag.fqdnRev : 0);
    this.#rows.set(slot, Field.flags, Flag.used | lease.state | fqdn);
    this.#enterState(slot);
  }

  remove(address: Ipv4): void {
    const slot = this.#find(address);
    if (slot === NO_SLOT) return;
    this.#leaveState(slot);
    this.#leaveClients(slot);
    this.#byAddress.remove(slot, hashAddress(address));
    this.#leased.delete(address);
    this.#bytes.release(this.#rows.get(slot, Field.bytes));
    this.#rows.release(slot);
  }

  /** Costs the same however many leases there are. The table keeps nothing about a pool, so none has to be closed. */
  openPool(range: PoolRange): LeasePool {
    return new LeasePool(range, this.#leased);
  }

  /**
   * As `LeaseView` says. When very many leases have ended in the same moment, some of them are noticed by later calls
   * only, so that no packet waits for all of them.
   */
  available(cursor: PoolCursor, now: Seconds, start?: number): Ipv4 | undefined {
    const pool = cursor as LeasePool;
    this.#now = now;
    const begin = pool.begin(start);
    const address =
      pool.findFree(begin) ??
      pool.findIn(this.#reclaimedAddresses, begin) ??
      this.#findOver(pool, begin) ??
      pool.findIn(this.#offeredAddresses, begin);
    if (address !== undefined) pool.leaveBehind(address);
    return address;
  }

  /** Leases in state assigned, declined or offered whose time is over; oldest first, at most `limit`. */
  expired(now: Seconds, limit: number): readonly Lease4[] {
    this.#now = now;
    this.#notice(limit);
    return this.#over.due(now - this.#offset, limit).map((slot) => this.#lease(slot));
  }

  /** Reclaimed leases that ended at least `holdReclaimed` ago; oldest first, at most `limit`. */
  forgettable(now: Seconds, holdReclaimed: Seconds, limit: number): readonly Lease4[] {
    this.#now = now;
    return this.#reclaimed.due(now - holdReclaimed - this.#offset, limit).map((slot) => this.#lease(slot));
  }

  /** Up to `limit` leases with addresses above `after` (-1: from the lowest), ascending; those on offer left out. */
  page(after: number, limit: number): readonly Lease4[] {
    const page: Lease4[] = [];
    for (let address = this.#leased.next(after + 1); address !== NO_ADDRESS && page.length < limit; ) {
      const slot = this.#find(address);
      if (this.#stateOf(slot) !== LeaseState.offered) page.push(this.#lease(slot));
      address = this.#leased.next(address + 1);
    }
    return page;
  }

  /**
   * Every lease, in no order, those on offer left out; to be taken in steps while the table changes. A lease that is
   * there from the first step to the last comes once, as it is at that moment; one that is put, replaced or removed
   * meanwhile comes or does not come.
   */
  *walk(): IterableIterator<Lease4> {
    const end = this.#rows.end;
    for (let slot = 1; slot < end; slot++) {
      const flags = this.#rows.get(slot, Field.flags);
      if (flags !== 0 && (flags & Flag.state) !== LeaseState.offered) yield this.#lease(slot);
    }
  }

  /** Moves every time in the table, that of the table itself included, by whole seconds. */
  shift(seconds: Seconds): void {
    this.#offset += seconds;
    this.#now += seconds;
  }

  #find(address: Ipv4): number {
    return this.#byAddress.find(address, hashAddress(address));
  }

  #lease(slot: number): Lease4 {
    const rows = this.#rows;
    const bytes = this.#bytesOf(slot);
    const flags = rows.get(slot, Field.flags);
    return {
      address: rows.get(slot, Field.address),
      hwaddr: bytes.hwaddr(),
      clientId: bytes.clientId(),
      validLifetime: rows.get(slot, Field.validLifetime),
      cltt: rows.getCltt(slot) + this.#offset,
      subnetId: rows.get(slot, Field.subnetId),
      poolId: rows.get(slot, Field.poolId),
      state: (flags & Flag.state) as LeaseState,
      fqdnFwd: (flags & Flag.fqdnFwd) !== 0,
      fqdnRev: (flags & Flag.fqdnRev) !== 0,
      hostname: bytes.hostname(),
      userContext: bytes.userContext(),
    };
  }

  #stateOf(slot: number): LeaseState {
    return (this.#rows.get(slot, Field.flags) & Flag.state) as LeaseState;
  }

  #isOver(slot: number): boolean {
    const lifetime = this.#rows.get(slot, Field.validLifetime);
    return lifetime !== INFINITE_LIFETIME && this.#rows.getCltt(slot) + lifetime <= this.#now - this.#offset;
  }

  #bytesOf(slot: number): LeaseBytes {
    return this.#bytes.at(this.#rows.get(slot, Field.bytes));
  }

  #replaceBytes(slot: number, lease: Lease4): void {
    if (this.#bytesOf(slot).has(lease)) return;
    this.#leaveClients(slot);
    this.#rows.set(slot, Field.bytes, this.#bytes.rewrite(this.#rows.get(slot, Field.bytes), lease));
    this.#enterClients(slot, lease);
  }

  #enterClients(slot: number, lease: Lease4): void {
    this.#byHwaddr.add(slot, lease.hwaddr);
    if (lease.clientId !== undefined) this.#byClientId.add(slot, lease.clientId);
  }

  #leaveClients(slot: number): void {
    const bytes = this.#bytesOf(slot);
    const hwaddr = bytes.hwaddr();
    const clientId = bytes.clientId();
    this.#byHwaddr.remove(slot, hwaddr);
    if (clientId !== undefined) this.#byClientId.remove(slot, clientId);
  }

  /** The calendar that a lease belongs in by its flags. Only leases that end are in one. */
  #calendarOf(slot: number): ExpiryCalendar | undefined {
    if (this.#rows.get(slot, Field.validLifetime) === INFINITE_LIFETIME) return undefined;
    const flags = this.#rows.get(slot, Field.flags);
    if ((flags & Flag.state) === LeaseState.reclaimed) return this.#reclaimed;
    return (flags & Flag.over) !== 0 ? this.#over : this.#running;
  }

  /** The set that says in what turn a full pool may give the address of a lease; none for one that is held. */
  #addressesOf(slot: number): AddressSet | undefined {
    const flags = this.#rows.get(slot, Field.flags);
    if ((flags & Flag.state) === LeaseState.reclaimed) return this.#reclaimedAddresses;
    if ((flags & Flag.over) !== 0) return this.#overAddresses;
    return (flags & Flag.state) === LeaseState.offered ? this.#offeredAddresses : undefined;
  }

  #leaveState(slot: number): void {
    if (this.#stateOf(slot) !== LeaseState.offered) this.#count--;
    this.#calendarOf(slot)?.remove(slot);
    this.#addressesOf(slot)?.delete(this.#rows.get(slot, Field.address));
  }

  /** The fields of the row are set, `Flag.over` is not. */
  #enterState(slot: number): void {
    const state = this.#stateOf(slot);
    if (state !== LeaseState.offered) this.#count++;
    if (state !== LeaseState.reclaimed && this.#isOver(slot)) this.#setFlags(slot, Flag.over);
    this.#calendarOf(slot)?.add(slot);
    this.#addressesOf(slot)?.add(this.#rows.get(slot, Field.address));
  }

  #setFlags(slot: number, flags: number): void {
    this.#rows.set(slot, Field.flags, this.#rows.get(slot, Field.flags) | flags);
  }

  /** Takes notice of up to `limit` leases that have ended since. */
  #notice(limit: number): number {
    const ended = this.#running.due(this.#now - this.#offset, limit);
    for (const slot of ended) this.#reenterState(slot);
    return ended.length;
  }

  #reenterState(slot: number): void {
    this.#leaveState(slot);
    this.#rows.set(slot, Field.flags, this.#rows.get(slot, Field.flags) & ~Flag.over);
    this.#enterState(slot);
  }

  #findOver(pool: LeasePool, begin: Ipv4): Ipv4 | undefined {
    this.#notice(STEP);
    for (;;) {
      const address = pool.findIn(this.#overAddresses, begin);
      if (address === undefined) return undefined;
      const slot = this.#find(address);
      if (this.#isOver(slot)) return address;
      // The time went back since its end was noticed.
      this.#reenterState(slot);
    }
  }
}
