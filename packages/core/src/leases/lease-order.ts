/** IPv6 leases of one prefix length in the order of their addresses: the next lease, the next gap, the next one to give. */
import type { Ipv6Key } from "../ip/ipv6-key.ts";
import { Availability } from "./availability.ts";
import type { LeaseRows } from "./lease-rows.ts";
import { Field6, writeWords } from "./lease-rows6.ts";

const LEAF_ENTRIES = 1024;
/** The highest two bits of an entry are the lease's availability, the others its slot. */
const SLOT_BITS = 30;
const SLOT_MASK = (1 << SLOT_BITS) - 1;

class Leaf {
  /** Ascending by the address of the row. */
  readonly entries = new Uint32Array(LEAF_ENTRIES);
  size = 0;
  /** Whether an address is without lease between the leaf's first one and the next leaf's first one. */
  hasGap = true;
  /** How many entries have each availability. */
  readonly given = Object.values(Availability).map(() => 0);
}

/**
 * A sorted list in leaves of up to 1,024 entries; a leaf that has no gap is passed over in one step, and so is one in
 * which there is nothing to give. So the size of a pool costs nothing, the number of leases as good as nothing (a million
 * of them without a gap: 1,000 steps of some nanoseconds), and a /64 is the same as a /120.
 */
export class LeaseOrder {
  /** Prefix length of the leases. */
  readonly length: number;
  readonly #rows: LeaseRows;
  /** A member is so many addresses. */
  readonly #unit: number;
  readonly #leaves: Leaf[] = [new Leaf()];
  readonly #given = Object.values(Availability).map(() => 0);
  #size = 0;
  #removals = 0;
  readonly #key = new Uint32Array(4);
  // Where `#seek` has stopped: at the first entry that is not below the key, or behind the last entry of a leaf.
  #leaf = 0;
  #entry = 0;

  constructor(rows: LeaseRows, length: number) {
    this.#rows = rows;
    this.length = length;
    this.#unit = 2 ** (128 - length);
  }

  /** Whether any lease has the availability. */
  has(availability: Availability): boolean {
    return this.#given[availability]! > 0;
  }

  get size(): number {
    return this.#size;
  }

  /** Counts removals: what was full is full as long as this stays the same. */
  get removals(): number {
    return this.#removals;
  }

  /** The lease is held. */
  add(slot: number): void {
    this.#seekSlot(slot);
    let leaf = this.#leaves[this.#leaf]!;
    if (leaf.size === LEAF_ENTRIES) {
      this.#split();
      leaf = this.#leaves[this.#leaf]!;
    }
    leaf.entries.copyWithin(this.#entry + 1, this.#entry, leaf.size);
    leaf.entries[this.#entry] = slot;
    leaf.size++;
    leaf.given[Availability.held]!++;
    this.#given[Availability.held]!++;
    this.#size++;
    this.#noteGaps(this.#leaf);
  }

  /** The lease must be held. */
  remove(slot: number): void {
    this.#seekSlot(slot);
    const leaf = this.#leaves[this.#leaf]!;
    leaf.entries.copyWithin(this.#entry, this.#entry + 1, leaf.size);
    leaf.size--;
    leaf.given[Availability.held]!--;
    this.#given[Availability.held]!--;
    this.#size--;
    this.#removals++;
    const next = this.#leaves[this.#leaf + 1];
    if (leaf.size === 0 && this.#leaves.length > 1) this.#leaves.splice(this.#leaf, 1);
    else if (next !== undefined && leaf.size + next.size <= LEAF_ENTRIES / 2) this.#merge(leaf, next);
    this.#noteGaps(Math.min(this.#leaf, this.#leaves.length - 1));
  }

  changeAvailability(slot: number, before: Availability, after: Availability): void {
    this.#seekSlot(slot);
    const leaf = this.#leaves[this.#leaf]!;
    leaf.entries[this.#entry] = slot + after * 2 ** SLOT_BITS;
    for (const given of [leaf.given, this.#given]) {
      given[before]!--;
      given[after]!++;
    }
  }

  /**
   * The first member without lease, as its distance from the member at `address`.
   * @param limit the distance behind which nobody looks
   */
  distanceToFree(address: Ipv6Key, limit: number): number {
    if (!this.#seek(address)) return 0;
    let leaf = this.#leaves[this.#leaf]!;
    let distance = this.#runFrom(leaf, this.#entry);
    if (this.#entry + distance < leaf.size) return distance;
    let next = this.#leaves[this.#leaf + 1];
    if (next === undefined || this.#distance(next.entries[0]!, leaf.entries[leaf.size - 1]!) !== 1) return distance;
    for (let at = this.#leaf + 1; distance <= limit; at++) {
      leaf = next!;
      if (leaf.hasGap) return distance + this.#runFrom(leaf, 0);
      distance += leaf.size;
      // A leaf without gap has one behind it.
      next = this.#leaves[at + 1];
    }
    return distance;
  }

  /** The first member whose lease has the availability; `Infinity` when there is none up to `limit`. */
  distanceToGiven(availability: Availability, address: Ipv6Key, limit: number): number {
    this.#seek(address);
    let entry = this.#entry;
    for (let at = this.#leaf; at < this.#leaves.length; at++, entry = 0) {
      const leaf = this.#leaves[at]!;
      if (entry < leaf.size && this.#distanceFromKey(leaf.entries[entry]!) > limit) break;
      if (leaf.given[availability] === 0) continue;
      for (; entry < leaf.size; entry++) {
        if (leaf.entries[entry]! >>> SLOT_BITS !== availability) continue;
        const distance = this.#distanceFromKey(leaf.entries[entry]!);
        return distance <= limit ? distance : Number.POSITIVE_INFINITY;
      }
    }
    return Number.POSITIVE_INFINITY;
  }

  /** The leases above the address, or all of them, ascending; while it runs none may come or go. */
  *above(address: Ipv6Key | undefined): IterableIterator<number> {
    if (address === undefined) {
      this.#leaf = 0;
      this.#entry = 0;
    } else if (this.#seek(address)) {
      this.#entry++;
    }
    let entry = this.#entry;
    for (let at = this.#leaf; at < this.#leaves.length; at++, entry = 0) {
      const { entries, size } = this.#leaves[at]!;
      for (; entry < size; entry++) yield entries[entry]! & SLOT_MASK;
    }
  }

  /** How many entries from `entry` on follow each other without a gap. */
  #runFrom({ entries, size }: Leaf, entry: number): number {
    // What an entry is ahead of its place never shrinks, so the end of the run can be halved in on.
    let low = entry;
    let high = size - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#distance(entries[middle]!, entries[entry]!) === middle - entry) low = middle;
      else high = middle - 1;
    }
    return low - entry + 1;
  }

  /** @returns whether the address has a lease */
  #seek(address: Ipv6Key): boolean {
    writeWords(address, this.#key);
    return this.#seekKey();
  }

  #seekSlot(slot: number): void {
    for (let i = 0; i < 4; i++) this.#key[i] = this.#rows.get(slot, Field6.address + i);
    this.#seekKey();
  }

  #seekKey(): boolean {
    let low = 0;
    let high = this.#leaves.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#compare(this.#leaves[middle]!.entries[0]!) <= 0) low = middle;
      else high = middle - 1;
    }
    this.#leaf = low;
    const { entries, size } = this.#leaves[low]!;
    low = 0;
    high = size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = this.#compare(entries[middle]!);
      if (order === 0) {
        this.#entry = middle;
        return true;
      }
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    this.#entry = low;
    return false;
  }

  /** Below zero when the entry's address is below the key. */
  #compare(entry: number): number {
    const slot = entry & SLOT_MASK;
    for (let i = 0; i < 4; i++) {
      const word = this.#rows.get(slot, Field6.address + i);
      if (word !== this.#key[i]) return word < this.#key[i]! ? -1 : 1;
    }
    return 0;
  }

  /** How many members `entry` is behind `base`. Exact where it is below 2^53: all steps on the way are. */
  #distance(entry: number, base: number): number {
    const slot = entry & SLOT_MASK;
    const from = base & SLOT_MASK;
    let distance = 0;
    for (let i = Field6.address; i < Field6.address + 4; i++) {
      distance = distance * 0x1_0000_0000 + this.#rows.get(slot, i) - this.#rows.get(from, i);
    }
    return distance / this.#unit;
  }

  #distanceFromKey(entry: number): number {
    const slot = entry & SLOT_MASK;
    let distance = 0;
    for (let i = 0; i < 4; i++) {
      distance = distance * 0x1_0000_0000 + this.#rows.get(slot, Field6.address + i) - this.#key[i]!;
    }
    return distance / this.#unit;
  }

  /** Makes room in a full leaf. Leases that come in order, as from a file, leave full leaves behind. */
  #split(): void {
    const leaf = this.#leaves[this.#leaf]!;
    const added = new Leaf();
    const middle = this.#entry === leaf.size ? leaf.size : LEAF_ENTRIES / 2;
    added.entries.set(leaf.entries.subarray(middle, leaf.size));
    added.size = leaf.size - middle;
    leaf.size = middle;
    leaf.given.fill(0);
    for (const one of [leaf, added]) {
      for (let i = 0; i < one.size; i++) one.given[one.entries[i]! >>> SLOT_BITS]!++;
    }
    this.#leaves.splice(this.#leaf + 1, 0, added);
    if (this.#entry >= middle) {
      this.#leaf++;
      this.#entry -= middle;
    }
  }

  #merge(leaf: Leaf, next: Leaf): void {
    leaf.entries.set(next.entries.subarray(0, next.size), leaf.size);
    leaf.size += next.size;
    for (let i = 0; i < leaf.given.length; i++) leaf.given[i]! += next.given[i]!;
    this.#leaves.splice(this.#leaf + 1, 1);
  }

  /** An entry of the leaf came or went, or entries moved between it and the leaf behind it. */
  #noteGaps(at: number): void {
    if (at > 0) this.#noteGap(at - 1);
    this.#noteGap(at);
    if (at + 1 < this.#leaves.length) this.#noteGap(at + 1);
  }

  #noteGap(at: number): void {
    const leaf = this.#leaves[at]!;
    const next = this.#leaves[at + 1];
    // With nothing behind it, what comes behind it is free.
    leaf.hasGap =
      next === undefined || leaf.size === 0 || this.#distance(next.entries[0]!, leaf.entries[0]!) !== leaf.size;
  }
}
