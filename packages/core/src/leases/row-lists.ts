/** Many doubly linked lists threaded through the rows of a slab; a row is in at most one list of a set. */
import { type LeaseRows, NO_SLOT } from "./lease-rows.ts";

const CHUNK_BITS = 14;
const CHUNK_MASK = (1 << CHUNK_BITS) - 1;
/** In a link back: not a slot, but the number of the list that the row is the first of. So a row can leave unasked. */
const IS_FIRST = 0x8000_0000;

export class RowLists {
  readonly #rows: LeaseRows;
  readonly #next: number;
  readonly #previous: number;
  readonly #heads: Uint32Array[] = [];

  /** @param links the first of the two fields that hold the links of these lists */
  constructor(rows: LeaseRows, links: number) {
    this.#rows = rows;
    this.#next = links;
    this.#previous = links + 1;
  }

  /** Makes sure that lists `0 … count - 1` exist. Cheap when called for one more at a time. */
  reach(count: number): void {
    while (this.#heads.length << CHUNK_BITS < count) this.#heads.push(new Uint32Array(1 << CHUNK_BITS));
  }

  first(list: number): number {
    return this.#heads[list >>> CHUNK_BITS]![list & CHUNK_MASK]!;
  }

  next(slot: number): number {
    return this.#rows.get(slot, this.#next);
  }

  push(list: number, slot: number): void {
    const second = this.first(list);
    this.#rows.set(slot, this.#next, second);
    this.#rows.set(slot, this.#previous, (list | IS_FIRST) >>> 0);
    if (second !== NO_SLOT) this.#rows.set(second, this.#previous, slot);
    this.#setFirst(list, slot);
  }

  remove(slot: number): void {
    const next = this.#rows.get(slot, this.#next);
    const previous = this.#rows.get(slot, this.#previous);
    if (previous >= IS_FIRST) this.#setFirst(previous - IS_FIRST, next);
    else this.#rows.set(previous, this.#next, next);
    if (next !== NO_SLOT) this.#rows.set(next, this.#previous, previous);
  }

  #setFirst(list: number, slot: number): void {
    this.#heads[list >>> CHUNK_BITS]![list & CHUNK_MASK] = slot;
  }
}
