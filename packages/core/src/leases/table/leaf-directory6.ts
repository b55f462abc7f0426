/** The leaves of IPv6 leases in their order, and marks that say which of them a search can pass over. */
import { compareWords, distanceBetween, WORDS } from "../rows/address-words6.ts";
import { Availability } from "./availability.ts";
import { LeaseLeaf6 } from "./lease-leaf6.ts";

/** Of the marks of leaves the one that stands where `held` would. */
const GAP = Availability.held;
const MARKED = Object.values(Availability).filter((availability) => availability !== GAP);

export class LeafDirectory6 {
  readonly #leaves: LeaseLeaf6[] = [new LeaseLeaf6()];
  /** By leaf: the address of its first entry. */
  #firsts = new Uint32Array(16 * WORDS);
  /**
   * By availability, then by leaf: 0 where the leaf has no such lease. And for gaps: 0 where no member is without lease
   * from the leaf's first one to the next leaf's first one; 1 also where nobody has looked.
   */
  readonly #marks = Object.keys(Availability).map(() => Buffer.alloc(16));

  constructor() {
    this.#marks[GAP]![0] = 1;
  }

  /** How many leaves; at least one. */
  get size(): number {
    return this.#leaves.length;
  }

  at(index: number): LeaseLeaf6 {
    return this.#leaves[index]!;
  }

  /** The leaf in which the key is, or would be put. */
  seek(key: Uint32Array): number {
    let low = 0;
    let high = this.#leaves.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (compareWords(this.#firsts, WORDS * middle, key) <= 0) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Whether the key is below all leaves from `index` on. */
  isBelow(key: Uint32Array, index: number): boolean {
    return index === this.#leaves.length || compareWords(this.#firsts, WORDS * index, key) > 0;
  }

  /** How many addresses the leaf's first entry is behind the key. */
  distanceTo(index: number, key: Uint32Array): number {
    return distanceBetween(key, 0, this.#firsts, WORDS * index);
  }

  /** The first leaf from `index` on with a lease of the availability; -1 for none. */
  nextGiven(availability: Availability, index: number): number {
    return this.#marks[availability]!.indexOf(1, index);
  }

  /**
   * The first leaf from `index` on behind one of whose entries a member may be without lease: always one, since behind the
   * last leaf everything is. @param unit addresses of a member
   */
  nextGap(index: number, unit: number): number {
    for (let at = index; ; at++) {
      at = this.#marks[GAP]!.indexOf(1, at);
      if (this.hasGapBehind(at, 0, unit)) return at;
      this.#marks[GAP]![at] = 0;
    }
  }

  /** Whether a member is without lease between an entry of a leaf and the first entry of the next one. */
  hasGapBehind(index: number, entry: number, unit: number): boolean {
    if (index + 1 === this.#leaves.length) return true;
    const { words, size } = this.at(index);
    return distanceBetween(words, WORDS * entry, this.#firsts, WORDS * (index + 1)) / unit !== size - entry;
  }

  /** An entry of the leaf came or went. */
  noteChange(index: number): void {
    const { words } = this.at(index);
    for (let i = 0; i < WORDS; i++) this.#firsts[WORDS * index + i] = words[i]!;
    this.#marks[GAP]![index] = 1;
    if (index > 0) this.#marks[GAP]![index - 1] = 1;
  }

  /** The availability of an entry of the leaf has changed. */
  noteGiven(index: number): void {
    const leaf = this.at(index);
    for (const availability of MARKED) this.#marks[availability]![index] = leaf.has(availability) ? 1 : 0;
  }

  insert(index: number, leaf: LeaseLeaf6): void {
    const count = this.#leaves.length;
    this.#leaves.splice(index, 0, leaf);
    if (WORDS * count === this.#firsts.length) this.#grow();
    this.#firsts.copyWithin(WORDS * (index + 1), WORDS * index, WORDS * count);
    for (const marks of this.#marks) marks.copyWithin(index + 1, index, count);
    this.noteChange(index);
    this.noteGiven(index);
  }

  remove(index: number): void {
    this.#leaves.splice(index, 1);
    this.#firsts.copyWithin(WORDS * index, WORDS * (index + 1));
    for (const marks of this.#marks) {
      marks.copyWithin(index, index + 1);
      marks[this.#leaves.length] = 0;
    }
    // It may be the last one now.
    this.noteChange(Math.min(index, this.#leaves.length - 1));
  }

  /**
   * Moves the entries of the next leaf into this one where both are small: leaves do not stay so, or a few leases that never
   * go would keep much memory.
   * @returns whether there were two such leaves
   */
  merge(index: number): boolean {
    const leaf = this.#leaves[index];
    const next = this.#leaves[index + 1];
    if (leaf === undefined || next === undefined || leaf.size + next.size > LeaseLeaf6.most / 2) return false;
    leaf.append(next);
    this.remove(index + 1);
    this.noteChange(index);
    this.noteGiven(index);
    return true;
  }

  #grow(): void {
    const firsts = new Uint32Array(2 * this.#firsts.length);
    firsts.set(this.#firsts);
    this.#firsts = firsts;
    for (const [i, marks] of this.#marks.entries()) this.#marks[i] = Buffer.concat([marks], 2 * marks.length);
  }
}
