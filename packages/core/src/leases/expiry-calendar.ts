/** Rows by the second in which they are over: a ring of lists, so that adding, moving and finding cost the same for one or a million. */
import { type LeaseRows, NO_SLOT } from "./lease-rows.ts";
import { RowLists } from "./row-lists.ts";

const SECONDS = 1 << 17;
/** How far before and behind the present a second has a list of its own: 18 hours. */
const HORIZON = SECONDS / 2;

/**
 * A list for each second around the present. What ends later than the ring reaches waits at some second before its
 * time, spread out so that no second gets them all, and is put further when that second has come. What was over long
 * before counts as over at the beginning of the ring, so there is no gap to walk.
 */
export class ExpiryCalendar {
  readonly #lists: RowLists;
  readonly #secondOf: (slot: number) => number;
  /** The latest time that was asked for. */
  #now: number;
  /** Nothing is listed at a second before this one. */
  #oldest: number;
  #size = 0;

  /** @param secondOf the whole second in which a row is over */
  constructor(rows: LeaseRows, links: number, now: number, secondOf: (slot: number) => number) {
    this.#lists = new RowLists(rows, links);
    this.#lists.reach(SECONDS);
    this.#secondOf = secondOf;
    this.#now = Math.floor(now);
    this.#oldest = this.#now;
  }

  add(slot: number): void {
    this.#size++;
    this.#list(slot);
  }

  remove(slot: number): void {
    this.#size--;
    this.#lists.remove(slot);
  }

  /** Up to `limit` rows that are over at `now`, oldest first. They stay until they are removed. */
  due(now: number, limit: number): number[] {
    const due: number[] = [];
    this.#now = Math.floor(now);
    if (this.#size === 0) this.#oldest = this.#now;
    if (this.#oldest <= this.#now - SECONDS) this.#oldest = this.#now - SECONDS + 1;
    for (let second = this.#oldest; second <= this.#now && due.length < limit; second++) {
      for (let slot = this.#lists.first(second & (SECONDS - 1)); slot !== NO_SLOT && due.length < limit; ) {
        const next = this.#lists.next(slot);
        if (this.#secondOf(slot) <= this.#now) {
          due.push(slot);
        } else {
          this.#lists.remove(slot);
          this.#list(slot);
        }
        slot = next;
      }
      if (due.length === 0) this.#oldest = second + 1;
    }
    return due;
  }

  #list(slot: number): void {
    let second = this.#secondOf(slot);
    if (second <= this.#now - HORIZON) second = this.#now - HORIZON + 1;
    else if (second > this.#now + HORIZON) second = this.#now + 1 + HORIZON / 2 + (slot & (HORIZON / 2 - 1));
    if (second < this.#oldest) this.#oldest = second;
    this.#lists.push(second & (SECONDS - 1), slot);
  }
}
