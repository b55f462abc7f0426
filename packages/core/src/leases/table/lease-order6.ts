/** IPv6 leases of one prefix length in the order of their addresses: the next lease, the next gap, the next one to give. */
import type { Ipv6Key } from "../../ip/ipv6-key.ts";
import { distanceBetween, WORDS } from "../rows/address-words6.ts";
import type { LeaseRows } from "../rows/lease-rows.ts";
import { Field6, writeWords } from "../rows/lease-rows6.ts";
import type { Availability } from "./availability.ts";
import { LeafDirectory6 } from "./leaf-directory6.ts";
import { LeaseLeaf6 } from "./lease-leaf6.ts";

/**
 * A sorted list in leaves of up to 512 entries, and marks that say which leaves can be passed over. So the size of a
 * pool costs nothing, a /64 is the same as a /120, and so is the number of leases as good as nothing: a million leases
 * without a gap are two thousand marks, which are looked through in a fraction of a microsecond.
 */
export class LeaseOrder6 {
  readonly #rows: LeaseRows;
  /** A member is so many addresses. */
  readonly #unit: number;
  readonly #leaves = new LeafDirectory6();
  #removals = 0;
  /** The address that is looked for, and where that has stopped: at the first entry not below it, or behind a leaf's last. */
  readonly #key = new Uint32Array(WORDS);
  #leaf = 0;
  #entry = 0;

  /** @param length prefix length of the leases; the bits behind it are zero in all addresses */
  constructor(rows: LeaseRows, length: number) {
    this.#rows = rows;
    this.#unit = 2 ** (128 - length);
  }

  /** Whether there is no lease. */
  get isEmpty(): boolean {
    return this.#leaves.at(0).size === 0;
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
    if (this.#leaves.at(this.#leaf).size === LeaseLeaf6.most) this.#split();
    this.#leaves.at(this.#leaf).insert(this.#entry, slot, this.#key);
    this.#leaves.noteChange(this.#leaf);
  }

  /** The lease must be held. */
  remove(slot: number): void {
    this.#seekSlot(slot);
    const leaf = this.#leaves.at(this.#leaf);
    leaf.remove(this.#entry);
    this.#removals++;
    this.#leaves.noteChange(this.#leaf);
    if (leaf.size === 0 && this.#leaves.size > 1) this.#leaves.remove(this.#leaf);
    else if (!this.#leaves.merge(this.#leaf)) this.#leaves.merge(this.#leaf - 1);
  }

  changeAvailability(slot: number, before: Availability, after: Availability): void {
    this.#seekSlot(slot);
    this.#leaves.at(this.#leaf).changeAvailability(this.#entry, slot, before, after);
    this.#leaves.noteGiven(this.#leaf);
  }

  /** The first member without lease, as its distance from the member at `address`. */
  distanceToFree(address: Ipv6Key): number {
    const unit = this.#unit;
    if (!this.#seek(address)) return 0;
    if (this.#leaves.hasGapBehind(this.#leaf, this.#entry, unit)) {
      return this.#leaves.at(this.#leaf).runFrom(this.#entry, unit);
    }
    const next = this.#leaves.nextGap(this.#leaf + 1, unit);
    return this.#leaves.distanceTo(next, this.#key) / unit + this.#leaves.at(next).runFrom(0, unit);
  }

  /** The first member whose lease has the availability; `Infinity` when there is none. */
  distanceToGiven(availability: Availability, address: Ipv6Key): number {
    this.#seek(address);
    let from = this.#entry;
    let at = this.#leaves.nextGiven(availability, this.#leaf);
    for (; at >= 0; at = this.#leaves.nextGiven(availability, at + 1)) {
      if (at > this.#leaf) from = 0;
      const leaf = this.#leaves.at(at);
      const entry = leaf.findGiven(availability, from);
      if (entry < leaf.size) return distanceBetween(this.#key, 0, leaf.words, WORDS * entry) / this.#unit;
    }
    return Number.POSITIVE_INFINITY;
  }

  /** How many leases from one address to another, both included, are held. */
  countHeld(first: Ipv6Key, last: Ipv6Key): number {
    this.#seek(first);
    const [from, entry] = [this.#leaf, this.#entry];
    const isLastThere = this.#seek(last);
    const end = this.#entry + (isLastThere ? 1 : 0);
    if (from === this.#leaf) return this.#leaves.at(from).countHeld(entry, end);
    let sum = this.#leaves.at(from).countHeld(entry) + this.#leaves.at(this.#leaf).countHeld(0, end);
    for (let at = from + 1; at < this.#leaf; at++) sum += this.#leaves.at(at).countHeld();
    return sum;
  }

  /** The lease at the address and those above it, ascending; while it runs none may come or go. */
  *from(address: Ipv6Key): IterableIterator<number> {
    this.#seek(address);
    let entry = this.#entry;
    for (let at = this.#leaf; at < this.#leaves.size; at++, entry = 0) {
      const leaf = this.#leaves.at(at);
      for (; entry < leaf.size; entry++) yield leaf.slotAt(entry);
    }
  }

  #loadKey(slot: number): void {
    for (let i = 0; i < WORDS; i++) this.#key[i] = this.#rows.get(slot, Field6.address + i);
  }

  #seekSlot(slot: number): void {
    this.#loadKey(slot);
    this.#seekKey();
  }

  /** @returns whether the address has a lease */
  #seek(address: Ipv6Key): boolean {
    writeWords(address, this.#key);
    this.#seekKey();
    const leaf = this.#leaves.at(this.#leaf);
    return this.#entry < leaf.size && leaf.compare(this.#entry, this.#key) === 0;
  }

  #seekKey(): void {
    this.#leaf = this.#leaves.seek(this.#key);
    this.#entry = this.#leaves.at(this.#leaf).seek(this.#key);
  }

  /** Whether the key belongs directly behind the entry that was turned to last. */
  #fitsBehind(): boolean {
    if (this.#leaf >= this.#leaves.size) return false;
    const leaf = this.#leaves.at(this.#leaf);
    const entry = this.#entry;
    if (entry >= leaf.size || leaf.compare(entry, this.#key) >= 0) return false;
    if (entry + 1 < leaf.size) return leaf.compare(entry + 1, this.#key) > 0;
    return this.#leaves.isBelow(this.#key, this.#leaf + 1);
  }

  /** Makes room in a full leaf. Leases that come in order leave full leaves behind. */
  #split(): void {
    const leaf = this.#leaves.at(this.#leaf);
    const middle = this.#entry === leaf.size ? leaf.size : LeaseLeaf6.most / 2;
    this.#leaves.insert(this.#leaf + 1, leaf.splitAt(middle));
    if (this.#entry < middle) return;
    this.#leaf++;
    this.#entry -= middle;
  }
}
