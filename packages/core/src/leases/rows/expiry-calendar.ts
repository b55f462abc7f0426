/** Rows by the second in which they are over: to add, move and find one costs the same among ten or among a million. */
import { type LeaseRows, NO_SLOT } from "./lease-rows.ts";

const SECONDS = 1 << 17;
/** How far before and behind the present a second has a list of its own: 18 hours. */
const HORIZON = SECONDS / 2;
/** The list of what ended before that. It comes first, so there is no gap to walk up to the present. */
const LONG_AGO = SECONDS;
/** In a link back: not a slot, but the list that the row is the first of. So a row can leave wherever it stands. */
const IS_FIRST = 0x8000_0000;

/**
 * A ring with a list for each second around the present. What ends later than the ring reaches waits at some second
 * before its time, spread out so that no second gets them all, and is put further when that second has come. So a row stands at its own
 * second or before, and it does no harm that the list of a second holds rows of another turn of the ring, or that the
 * time goes back: whether a row is over is asked of the row.
 */
export class ExpiryCalendar {
  readonly #rows: LeaseRows;
  readonly #next: number;
  readonly #previous: number;
  readonly #secondOf: (slot: number) => number;
  readonly #firsts = new Uint32Array(SECONDS + 1);
  /** The time that was asked for last. */
  #now: number;
  /** Nothing stands at a second before this one. */
  #oldest: number;
  #size = 0;

  /**
   * @param links the first of two neighbouring fields that belong to the calendar that the row is in
   * @param secondOf the whole second in which a row is over
   */
  constructor(rows: LeaseRows, links: number, now: number, secondOf: (slot: number) => number) {
    this.#rows = rows;
    this.#next = links;
    this.#previous = links + 1;
    this.#secondOf = secondOf;
    this.#now = Math.floor(now);
    this.#oldest = this.#now;
  }

  add(slot: number): void {
    this.#size++;
    this.#enlist(slot, this.#listFor(this.#secondOf(slot), slot));
  }

  remove(slot: number): void {
    this.#size--;
    this.#unlist(slot);
  }

  /**
   * Up to `limit` rows that are over at `now`, oldest first, but those of more than 18 hours ago in any order. They stay
   * until they are removed.
   */
  due(now: number, limit: number): number[] {
    const due: number[] = [];
    this.#now = Math.floor(now);
    if (this.#size === 0) this.#oldest = this.#now;
    if (this.#oldest <= this.#now - SECONDS) this.#oldest = this.#now - SECONDS + 1;
    this.#collect(LONG_AGO, Number.NEGATIVE_INFINITY, due, limit);
    for (let second = this.#oldest; second <= this.#now && due.length < limit; second++) {
      const before = due.length;
      this.#collect(second & (SECONDS - 1), second, due, limit);
      if (due.length === before && second === this.#oldest) this.#oldest++;
    }
    return due;
  }

  /** Adds the rows of a list that are over, and moves those that belong elsewhere. */
  #collect(list: number, second: number, due: number[], limit: number): void {
    for (let slot = this.#firsts[list]!; slot !== NO_SLOT && due.length < limit; ) {
      const next = this.#rows.get(slot, this.#next);
      const end = this.#secondOf(slot);
      const right = this.#listFor(end, slot);
      if (right !== list) {
        this.#unlist(slot);
        this.#enlist(slot, right);
      }
      // One that moved to a second still to come is found there.
      if (end <= this.#now && (end <= second || right === LONG_AGO)) due.push(slot);
      slot = next;
    }
  }

  #listFor(end: number, slot: number): number {
    if (end <= this.#now - HORIZON) return LONG_AGO;
    const spread = HORIZON / 2 + (slot & (HORIZON / 2 - 1));
    const second = end > this.#now + HORIZON ? this.#now + spread : end;
    if (second < this.#oldest) this.#oldest = second;
    return second & (SECONDS - 1);
  }

  #enlist(slot: number, list: number): void {
    const other = this.#firsts[list]!;
    this.#rows.set(slot, this.#next, other);
    this.#rows.set(slot, this.#previous, IS_FIRST + list);
    if (other !== NO_SLOT) this.#rows.set(other, this.#previous, slot);
    this.#firsts[list] = slot;
  }

  #unlist(slot: number): void {
    const next = this.#rows.get(slot, this.#next);
    const previous = this.#rows.get(slot, this.#previous);
    if (previous >= IS_FIRST) this.#firsts[previous - IS_FIRST] = next;
    else this.#rows.set(previous, this.#next, next);
    if (next !== NO_SLOT) this.#rows.set(next, this.#previous, previous);
  }
}
