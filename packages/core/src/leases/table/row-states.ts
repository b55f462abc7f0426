/** What state each row of a table is in and when that ends: whose turn it is to be reclaimed, forgotten or given away. */
import type { Seconds } from "../../base/clock.ts";
import { INFINITE_LIFETIME, type Lease, LeaseState } from "../model/lease.ts";
import { ExpiryCalendar } from "../rows/expiry-calendar.ts";
import { Field, type LeaseRows } from "../rows/lease-rows.ts";
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

export class RowStates {
  readonly #rows: LeaseRows;
  /** Told after the availability of a row has changed. */
  readonly #onChange: (slot: number, before: Availability, after: Availability) => void;
  /** Assigned, declined and offered leases whose end has not come, or has not been noticed. */
  readonly #running: ExpiryCalendar;
  /** Those whose end has been noticed. */
  readonly #over: ExpiryCalendar;
  readonly #reclaimed: ExpiryCalendar;
  #count = 0;
  /** Times in the rows are this much behind the ones outside, so that all can be moved at once. */
  #offset: Seconds = 0;
  /** The time outside that was last heard of. */
  #now: Seconds;

  /** @param now leases that are over by then when they are entered can be reclaimed at once, however many they are */
  constructor(
    rows: LeaseRows,
    now: Seconds,
    onChange: (slot: number, before: Availability, after: Availability) => void,
  ) {
    this.#rows = rows;
    this.#now = now;
    this.#onChange = onChange;
    // A reclaimed lease without end has ended when it was last heard of.
    const secondOf = (slot: number) => {
      const lifetime = rows.get(slot, Field.validLifetime);
      return Math.ceil(rows.getCltt(slot) + (lifetime === INFINITE_LIFETIME ? 0 : lifetime));
    };
    this.#running = new ExpiryCalendar(rows, Field.calendarLinks, now, secondOf);
    this.#over = new ExpiryCalendar(rows, Field.calendarLinks, now, secondOf);
    this.#reclaimed = new ExpiryCalendar(rows, Field.calendarLinks, now, secondOf);
  }

  /** Leases held, those on offer left out. */
  get count(): number {
    return this.#count;
  }

  /** Hears what time it is outside. */
  hear(now: Seconds): void {
    this.#now = now;
  }

  /** Moves every time in the rows, and what time it is, by whole seconds. */
  shift(seconds: Seconds): void {
    this.#offset += seconds;
    this.#now += seconds;
  }

  /**
   * The row is that of this lease from now on.
   * @param before the row's availability until now; `held` for a new row
   */
  enter(slot: number, { validLifetime, cltt, state, fqdnFwd, fqdnRev }: Lease, before: Availability): void {
    const rows = this.#rows;
    rows.set(slot, Field.validLifetime, validLifetime);
    rows.setCltt(slot, cltt - this.#offset);
    const fqdn = (fqdnFwd ? Flag.fqdnFwd : 0) | (fqdnRev ? Flag.fqdnRev : 0);
    rows.set(slot, Field.flags, Flag.used | state | fqdn);
    this.#begin(slot, before);
  }

  /** The row is to have another lease, or none. @returns its availability until now */
  leave(slot: number): Availability {
    const before = this.#availabilityOf(slot);
    if (this.stateOf(slot) !== LeaseState.offered) this.#count--;
    this.#calendarOf(slot)?.remove(slot);
    return before;
  }

  isUsed(slot: number): boolean {
    return this.#rows.get(slot, Field.flags) !== 0;
  }

  stateOf(slot: number): LeaseState {
    return (this.#rows.get(slot, Field.flags) & Flag.state) as LeaseState;
  }

  hasFqdnFwd(slot: number): boolean {
    return (this.#rows.get(slot, Field.flags) & Flag.fqdnFwd) !== 0;
  }

  hasFqdnRev(slot: number): boolean {
    return (this.#rows.get(slot, Field.flags) & Flag.fqdnRev) !== 0;
  }

  clttOf(slot: number): Seconds {
    return this.#rows.getCltt(slot) + this.#offset;
  }

  /** Whether somebody has it, or is to have it. */
  isInUse(slot: number): boolean {
    return this.stateOf(slot) !== LeaseState.reclaimed && !this.#isOver(slot);
  }

  /** Rows in state assigned, declined or offered whose time is over; oldest first, at most `limit`. */
  expired(limit: number): readonly number[] {
    this.notice(limit);
    return this.#over.due(this.#now - this.#offset, limit);
  }

  /** Reclaimed rows that ended at least `holdReclaimed` ago; oldest first, at most `limit`. */
  forgettable(holdReclaimed: Seconds, limit: number): readonly number[] {
    return this.#reclaimed.due(this.#now - holdReclaimed - this.#offset, limit);
  }

  /** Takes notice of up to `limit` rows whose time has ended since. */
  notice(limit: number): void {
    for (const slot of this.#running.due(this.#now - this.#offset, limit)) this.#beginAgain(slot);
  }

  /** Whether the row is over, as it was noticed to be; where the time has gone back since, it is not over any more. */
  isStillOver(slot: number): boolean {
    if (this.#isOver(slot)) return true;
    this.#beginAgain(slot);
    return false;
  }

  #beginAgain(slot: number): void {
    const before = this.leave(slot);
    this.#rows.set(slot, Field.flags, this.#rows.get(slot, Field.flags) & ~Flag.over);
    this.#begin(slot, before);
  }

  /** The fields of the row are set, `Flag.over` is not. */
  #begin(slot: number, before: Availability): void {
    const state = this.stateOf(slot);
    if (state !== LeaseState.offered) this.#count++;
    if (state !== LeaseState.reclaimed && this.#isOver(slot)) {
      this.#rows.set(slot, Field.flags, this.#rows.get(slot, Field.flags) | Flag.over);
    }
    this.#calendarOf(slot)?.add(slot);
    const after = this.#availabilityOf(slot);
    if (after !== before) this.#onChange(slot, before, after);
  }

  #isOver(slot: number): boolean {
    const lifetime = this.#rows.get(slot, Field.validLifetime);
    return lifetime !== INFINITE_LIFETIME && this.#rows.getCltt(slot) + lifetime <= this.#now - this.#offset;
  }

  /** The calendar that a lease belongs in by its flags; none for one that is held without end. */
  #calendarOf(slot: number): ExpiryCalendar | undefined {
    const flags = this.#rows.get(slot, Field.flags);
    if ((flags & Flag.state) === LeaseState.reclaimed) return this.#reclaimed;
    if (this.#rows.get(slot, Field.validLifetime) === INFINITE_LIFETIME) return undefined;
    return (flags & Flag.over) !== 0 ? this.#over : this.#running;
  }

  #availabilityOf(slot: number): Availability {
    const flags = this.#rows.get(slot, Field.flags);
    if ((flags & Flag.state) === LeaseState.reclaimed) return Availability.reclaimed;
    if ((flags & Flag.over) !== 0) return Availability.over;
    return (flags & Flag.state) === LeaseState.offered ? Availability.offered : Availability.held;
  }
}
