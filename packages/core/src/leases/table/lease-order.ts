/** IPv6 leases of one prefix length in the order of their addresses: the next lease, the next gap, the next one to give. */
import type { Ipv6Key } from "../../ip/ipv6-key.ts";
import type { LeaseRows } from "../rows/lease-rows.ts";
import { Field6, writeWords } from "../rows/lease-rows6.ts";
import { Availability } from "./availability.ts";

const LEAF_ENTRIES = 512;
/** Words of an address. */
const WORDS = 4;
/** The highest two bits of an entry are the lease's availability, the others its slot. */
const SLOT_BITS = 30;
const SLOT_MASK = (1 << SLOT_BITS) - 1;
const AVAILABILITY_UNIT = 2 ** SLOT_BITS;
/** Of the marks of leaves the one that stands where `held` would. */
const GAP = Availability.held;

class Leaf {
  /** Ascending by address. */
  readonly entries = new Uint32Array(LEAF_ENTRIES);
  /** The addresses again: a search that looked at the rows would wait for each of them. */
  readonly words = new Uint32Array(WORDS * LEAF_ENTRIES);
  /** How many entries have each availability. */
  readonly given = new Uint16Array(Object.keys(Availability).length);
  size = 0;
}

/**
 * A sorted list in leaves of up to 512 entries, and marks that say which leaves can be passed over. So the size of a
 * pool costs nothing, a /64 is the same as a /120, and so is the number of leases as good as nothing: a million leases
 * without a gap are two thousand marks, which are looked through in a fraction of a microsecond.
 */
export class LeaseOrder {
  readonly #rows: LeaseRows;
  /** A member is so many addresses. */
  readonly #unit: number;
  readonly #leaves: Leaf[] = [new Leaf()];
  /** By leaf: the address of its first entry. */
  #firsts = new Uint32Array(16 * WORDS);
  /**
   * By availability, then by leaf: 0 where the leaf has no such lease. And for gaps: 0 where no member is without lease
   * from the leaf's first one to the next leaf's first one; 1 also where nobody has looked.
   */
  readonly #marks = Object.keys(Availability).map(() => Buffer.alloc(16));
  #removals = 0;
  readonly #key = new Uint32Array(4);
  // Where `#seek` has stopped: at the first entry that is not below the key, or behind the last entry of a leaf.
  #leaf = 0;
  #entry = 0;

  /** @param length prefix length of the leases; the bits behind it are zero in all addresses */
  constructor(rows: LeaseRows, length: number) {
    this.#rows = rows;
    this.#unit = 2 ** (128 - length);
    this.#marks[GAP]![0] = 1;
  }

  /** Whether there is no lease. */
  get isEmpty(): boolean {
    return this.#leaves[0]!.size === 0;
  }

  /** Counts removals: what was full is full as long as this stays the same. */
  get removals(): number {
    return this.#removals;
  }

  /** The lease is held. */
  add(slot: number): void {
    this.#loadKey(slot);
    // Leases often come in order, as from a file.
    if (this.#fitsBehind()) this.#entry++;
    else this.#seekKey();
    if (this.#leaves[this.#leaf]!.size === LEAF_ENTRIES) this.#split();
    const leaf = this.#leaves[this.#leaf]!;
    leaf.entries.copyWithin(this.#entry + 1, this.#entry, leaf.size);
    leaf.words.copyWithin(WORDS * (this.#entry + 1), WORDS * this.#entry, WORDS * leaf.size);
    leaf.entries[this.#entry] = slot;
    for (let i = 0; i < WORDS; i++) leaf.words[WORDS * this.#entry + i] = this.#key[i]!;
    leaf.given[Availability.held]!++;
    leaf.size++;
    this.#noteChange(this.#leaf);
  }

  /** The lease must be held. */
  remove(slot: number): void {
    this.#loadKey(slot);
    this.#seekKey();
    const leaf = this.#leaves[this.#leaf]!;
    leaf.entries.copyWithin(this.#entry, this.#entry + 1, leaf.size);
    leaf.words.copyWithin(WORDS * this.#entry, WORDS * (this.#entry + 1), WORDS * leaf.size);
    leaf.given[Availability.held]!--;
    leaf.size--;
    this.#removals++;
    this.#noteChange(this.#leaf);
    if (leaf.size === 0 && this.#leaves.length > 1) this.#removeLeaf(this.#leaf);
    else if (!this.#merge(this.#leaf)) this.#merge(this.#leaf - 1);
  }

  changeAvailability(slot: number, before: Availability, after: Availability): void {
    this.#loadKey(slot);
    this.#seekKey();
    const leaf = this.#leaves[this.#leaf]!;
    leaf.entries[this.#entry] = slot + after * AVAILABILITY_UNIT;
    leaf.given[before]!--;
    leaf.given[after]!++;
    this.#markGiven(this.#leaf);
  }

  /** The first member without lease, as its distance from the member at `address`. */
  distanceToFree(address: Ipv6Key): number {
    if (!this.#seek(address)) return 0;
    let at = this.#leaf;
    if (this.#hasGapBehind(at, this.#entry)) return this.#runFrom(at, this.#entry);
    // The last leaf always has its mark.
    for (;;) {
      at = this.#marks[GAP]!.indexOf(1, at + 1);
      if (this.#hasGapBehind(at, 0)) {
        return distanceBetween(this.#key, 0, this.#firsts, WORDS * at) / this.#unit + this.#runFrom(at, 0);
      }
      this.#marks[GAP]![at] = 0;
    }
  }

  /** The first member whose lease has the availability; `Infinity` when there is none. */
  distanceToGiven(availability: Availability, address: Ipv6Key): number {
    this.#seek(address);
    const marks = this.#marks[availability]!;
    let entry = this.#entry;
    for (let at = marks.indexOf(1, this.#leaf); at >= 0; at = marks.indexOf(1, at + 1)) {
      if (at > this.#leaf) entry = 0;
      const { entries, words, size } = this.#leaves[at]!;
      while (entry < size && entries[entry]! >>> SLOT_BITS !== availability) entry++;
      if (entry < size) return distanceBetween(this.#key, 0, words, WORDS * entry) / this.#unit;
    }
    return Number.POSITIVE_INFINITY;
  }

  /** The lease at the address and those above it, ascending; while it runs none may come or go. */
  *from(address: Ipv6Key): IterableIterator<number> {
    this.#seek(address);
    let entry = this.#entry;
    for (let at = this.#leaf; at < this.#leaves.length; at++, entry = 0) {
      const { entries, size } = this.#leaves[at]!;
      for (; entry < size; entry++) yield entries[entry]! & SLOT_MASK;
    }
  }

  /** Whether a member is without lease between an entry of a leaf and the first entry of the next one. */
  #hasGapBehind(at: number, entry: number): boolean {
    if (at + 1 === this.#leaves.length) return true;
    const { words, size } = this.#leaves[at]!;
    return distanceBetween(words, WORDS * entry, this.#firsts, WORDS * (at + 1)) / this.#unit !== size - entry;
  }

  /** How many entries of a leaf from `entry` on follow each other without a gap. */
  #runFrom(at: number, entry: number): number {
    const { words, size } = this.#leaves[at]!;
    // What an entry is ahead of its place never shrinks, so the end of the run can be halved in on.
    let low = entry;
    let high = size - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      const distance = distanceBetween(words, WORDS * entry, words, WORDS * middle) / this.#unit;
      if (distance === middle - entry) low = middle;
      else high = middle - 1;
    }
    return low - entry + 1;
  }

  #loadKey(slot: number): void {
    for (let i = 0; i < WORDS; i++) this.#key[i] = this.#rows.get(slot, Field6.address + i);
  }

  /** @returns whether the address has a lease */
  #seek(address: Ipv6Key): boolean {
    writeWords(address, this.#key);
    return this.#seekKey();
  }

  /** Whether the key belongs directly behind the entry that was turned to last. */
  #fitsBehind(): boolean {
    const leaf = this.#leaves[this.#leaf];
    const entry = this.#entry;
    if (leaf === undefined || entry >= leaf.size || this.#compare(leaf.words, WORDS * entry) >= 0) return false;
    if (entry + 1 < leaf.size) return this.#compare(leaf.words, WORDS * (entry + 1)) > 0;
    return this.#leaf + 1 === this.#leaves.length || this.#compare(this.#firsts, WORDS * (this.#leaf + 1)) > 0;
  }

  #seekKey(): boolean {
    let low = 0;
    let high = this.#leaves.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#compare(this.#firsts, WORDS * middle) <= 0) low = middle;
      else high = middle - 1;
    }
    this.#leaf = low;
    const { words, size } = this.#leaves[low]!;
    low = 0;
    high = size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(words, WORDS * middle) < 0) low = middle + 1;
      else high = middle;
    }
    this.#entry = low;
    return low < size && this.#compare(words, WORDS * low) === 0;
  }

  /** Below zero when the address at `words[at]` is below the key. */
  #compare(words: Uint32Array, at: number): number {
    const key = this.#key;
    for (let i = 0; i < WORDS; i++) {
      const word = words[at + i]!;
      if (word !== key[i]) return word < key[i]! ? -1 : 1;
    }
    return 0;
  }

  /** An entry of the leaf came or went. */
  #noteChange(at: number): void {
    const { words } = this.#leaves[at]!;
    for (let i = 0; i < WORDS; i++) this.#firsts[WORDS * at + i] = words[i]!;
    this.#marks[GAP]![at] = 1;
    if (at > 0) this.#marks[GAP]![at - 1] = 1;
  }

  #markGiven(at: number): void {
    const { given } = this.#leaves[at]!;
    for (let i = GAP + 1; i < given.length; i++) this.#marks[i]![at] = given[i]! > 0 ? 1 : 0;
  }

  /** Makes room in a full leaf. Leases that come in order leave full leaves behind. */
  #split(): void {
    const at = this.#leaf;
    const leaf = this.#leaves[at]!;
    const added = new Leaf();
    const middle = this.#entry === leaf.size ? leaf.size : LEAF_ENTRIES / 2;
    added.entries.set(leaf.entries.subarray(middle));
    added.words.set(leaf.words.subarray(WORDS * middle));
    added.size = leaf.size - middle;
    leaf.size = middle;
    for (let i = 0; i < added.size; i++) added.given[added.entries[i]! >>> SLOT_BITS]!++;
    for (let i = 0; i < added.given.length; i++) leaf.given[i]! -= added.given[i]!;
    this.#insertLeaf(at + 1, added);
    if (this.#entry < middle) return;
    this.#leaf++;
    this.#entry -= middle;
  }

  #insertLeaf(at: number, leaf: Leaf): void {
    const count = this.#leaves.length;
    this.#leaves.splice(at, 0, leaf);
    if (WORDS * count === this.#firsts.length) this.#growDirectory();
    this.#firsts.copyWithin(WORDS * (at + 1), WORDS * at, WORDS * count);
    for (const marks of this.#marks) marks.copyWithin(at + 1, at, count);
    this.#noteChange(at);
    this.#markGiven(at);
  }

  #removeLeaf(at: number): void {
    this.#leaves.splice(at, 1);
    this.#firsts.copyWithin(WORDS * at, WORDS * (at + 1));
    for (const marks of this.#marks) {
      marks.copyWithin(at, at + 1);
      marks[this.#leaves.length] = 0;
    }
    // It may be the last one now.
    this.#noteChange(Math.min(at, this.#leaves.length - 1));
  }

  #growDirectory(): void {
    const firsts = new Uint32Array(2 * this.#firsts.length);
    firsts.set(this.#firsts);
    this.#firsts = firsts;
    for (const [i, marks] of this.#marks.entries()) this.#marks[i] = Buffer.concat([marks], 2 * marks.length);
  }

  /**
   * Moves the entries of the next leaf into this one where both are small: leaves do not stay so, or a few leases that never
   * go would keep much memory.
   * @returns whether there were two such leaves
   */
  #merge(at: number): boolean {
    const leaf = this.#leaves[at];
    const next = this.#leaves[at + 1];
    if (leaf === undefined || next === undefined || leaf.size + next.size > LEAF_ENTRIES / 2) return false;
    leaf.entries.set(next.entries.subarray(0, next.size), leaf.size);
    leaf.words.set(next.words.subarray(0, WORDS * next.size), WORDS * leaf.size);
    leaf.size += next.size;
    for (let i = 0; i < leaf.given.length; i++) leaf.given[i]! += next.given[i]!;
    this.#removeLeaf(at + 1);
    this.#noteChange(at);
    this.#markGiven(at);
    return true;
  }
}

/** How many addresses `to` is behind `from`, both in four words. Exact where it is below 2^53: all steps on the way are. */
function distanceBetween(from: Uint32Array, at: number, to: Uint32Array, toAt: number): number {
  let distance = 0;
  for (let i = 0; i < WORDS; i++) distance = distance * 0x1_0000_0000 + (to[toAt + i]! - from[at + i]!);
  return distance;
}
