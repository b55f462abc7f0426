/** Up to 512 IPv6 leases of one prefix length that follow each other, in the order of their addresses. */
import { compareWords, distanceBetween, WORDS } from "../rows/address-words6.ts";
import { Availability } from "./availability.ts";

/** The highest two bits of an entry are the lease's availability, the others its slot. */
const SLOT_BITS = 30;
const SLOT_MASK = (1 << SLOT_BITS) - 1;
const AVAILABILITY_UNIT = 2 ** SLOT_BITS;

export class LeaseLeaf6 {
  static readonly most = 512;
  size = 0;
  /** Ascending by address. */
  readonly #entries = new Uint32Array(LeaseLeaf6.most);
  /** The addresses: a search that looked at the rows would wait for each of them. */
  readonly words = new Uint32Array(WORDS * LeaseLeaf6.most);
  /** How many entries have each availability. */
  readonly #given = new Uint16Array(Object.keys(Availability).length);

  slotAt(entry: number): number {
    return this.#entries[entry]! & SLOT_MASK;
  }

  has(availability: Availability): boolean {
    return this.#given[availability]! > 0;
  }

  /** The first entry whose address is not below the key; the size where there is none. */
  seek(key: Uint32Array): number {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareWords(this.words, WORDS * middle, key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** As `compareWords`, of an entry's address. */
  compare(entry: number, key: Uint32Array): number {
    return compareWords(this.words, WORDS * entry, key);
  }

  /** The first entry from one on that has the availability; the size where there is none. */
  findGiven(availability: Availability, from: number): number {
    let entry = from;
    while (entry < this.size && this.#entries[entry]! >>> SLOT_BITS !== availability) entry++;
    return entry;
  }

  /** How many entries from one on, up to another and without that, are held. */
  countHeld(from = 0, end = this.size): number {
    if (from === 0 && end === this.size) return this.#given[Availability.held]!;
    let count = 0;
    for (let entry = from; entry < end; entry++) {
      if (this.#entries[entry]! >>> SLOT_BITS === Availability.held) count++;
    }
    return count;
  }

  /** How many entries from one on follow each other without a gap. @param unit addresses of a member */
  runFrom(entry: number, unit: number): number {
    const { words, size } = this;
    // What an entry is ahead of its number never shrinks, so the end of the run can be halved in on.
    let low = entry;
    let high = size - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      const distance = distanceBetween(words, WORDS * entry, words, WORDS * middle) / unit;
      if (distance === middle - entry) low = middle;
      else high = middle - 1;
    }
    return low - entry + 1;
  }

  /** The lease is held. There must be room. */
  insert(entry: number, slot: number, key: Uint32Array): void {
    this.#entries.copyWithin(entry + 1, entry, this.size);
    this.words.copyWithin(WORDS * (entry + 1), WORDS * entry, WORDS * this.size);
    this.#entries[entry] = slot;
    for (let i = 0; i < WORDS; i++) this.words[WORDS * entry + i] = key[i]!;
    this.#given[Availability.held]!++;
    this.size++;
  }

  /** The lease must be held. */
  remove(entry: number): void {
    this.#entries.copyWithin(entry, entry + 1, this.size);
    this.words.copyWithin(WORDS * entry, WORDS * (entry + 1), WORDS * this.size);
    this.#given[Availability.held]!--;
    this.size--;
  }

  changeAvailability(entry: number, slot: number, before: Availability, after: Availability): void {
    this.#entries[entry] = slot + after * AVAILABILITY_UNIT;
    this.#given[before]!--;
    this.#given[after]!++;
  }

  /** Moves the entries from one on into a new leaf. */
  splitAt(entry: number): LeaseLeaf6 {
    const behind = new LeaseLeaf6();
    behind.#entries.set(this.#entries.subarray(entry));
    behind.words.set(this.words.subarray(WORDS * entry));
    behind.size = this.size - entry;
    this.size = entry;
    for (let i = 0; i < behind.size; i++) behind.#given[behind.#entries[i]! >>> SLOT_BITS]!++;
    for (let i = 0; i < behind.#given.length; i++) this.#given[i]! -= behind.#given[i]!;
    return behind;
  }

  /** Takes in the entries of the leaf that follows. There must be room. */
  append(next: LeaseLeaf6): void {
    this.#entries.set(next.#entries.subarray(0, next.size), this.size);
    this.words.set(next.words.subarray(0, WORDS * next.size), WORDS * this.size);
    this.size += next.size;
    for (let i = 0; i < this.#given.length; i++) this.#given[i]! += next.#given[i]!;
  }
}
