/** Rows by the hash of a key: linear hashing, so that growing moves one bucket an insertion and never the whole table. */
import { type LeaseRows, NO_SLOT } from "./lease-rows.ts";
import { RowLists } from "./row-lists.ts";

/** Rows per bucket before one more bucket is made. */
const LOAD = 0.75;

/**
 * Rows with equal keys lie in one bucket: who looks for a key walks the bucket and compares. Buckets `0 … n - 1` exist;
 * a hash whose low bits point beyond them is still in the bucket that has one bit less (Litwin 1980).
 */
export class HashIndex {
  readonly #lists: RowLists;
  readonly #hashOf: (slot: number) => number;
  #buckets = 1;
  /** Covers the bits of the highest bucket number that the present doubling will reach. */
  #mask = 1;
  #size = 0;

  /**
   * @param links the first of two neighbouring fields that belong to this index
   * @param hashOf the hash of the key of a row, for rows that move to another bucket
   */
  constructor(rows: LeaseRows, links: number, hashOf: (slot: number) => number) {
    this.#lists = new RowLists(rows, links);
    this.#lists.reach(1);
    this.#hashOf = hashOf;
  }

  /** The first row that may have a key with this hash. */
  first(hash: number): number {
    return this.#lists.first(this.#bucketOf(hash));
  }

  next(slot: number): number {
    return this.#lists.next(slot);
  }

  add(slot: number, hash: number): void {
    if (++this.#size > this.#buckets * LOAD) this.#split();
    this.#lists.push(this.#bucketOf(hash), slot);
  }

  remove(slot: number): void {
    this.#size--;
    this.#lists.remove(slot);
  }

  #bucketOf(hash: number): number {
    const bucket = hash & this.#mask;
    return bucket < this.#buckets ? bucket : bucket & (this.#mask >>> 1);
  }

  #split(): void {
    const added = this.#buckets;
    if (added > this.#mask) this.#mask = this.#mask * 2 + 1;
    this.#lists.reach(added + 1);
    const old = added & (this.#mask >>> 1);
    this.#buckets = added + 1;
    for (let slot = this.#lists.first(old); slot !== NO_SLOT; ) {
      const next = this.#lists.next(slot);
      if ((this.#hashOf(slot) & this.#mask) === added) {
        this.#lists.remove(slot);
        this.#lists.push(added, slot);
      }
      slot = next;
    }
  }
}
