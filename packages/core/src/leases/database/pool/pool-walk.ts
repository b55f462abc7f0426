/** Where in a pool the database was last asked, and the members that come next, around the end. */
import type { Span } from "../lease-database.ts";

/** The members of a pool, by number. */
export interface PoolMembers<Key> {
  /** At most 2^53 - 1. */
  readonly size: number;
  /** So many the database looks at in one search. */
  readonly searched: number;
  at(index: number): Key;
  indexOf(key: Key): number | undefined;
  isExcluded(key: Key): boolean;
}

/** So many members from one on. */
interface Part<Key> {
  readonly from: number;
  readonly count: number;
  readonly spans: readonly Span<Key>[];
}

export class PoolWalk<Key> {
  readonly #members: PoolMembers<Key>;
  #next = 0;
  /** Members passed since the last one that could be given. */
  #barren = 0;

  constructor(members: PoolMembers<Key>) {
    this.#members = members;
  }

  /** Whether all of the pool has been passed, and nothing found. */
  get isRound(): boolean {
    return this.#barren >= this.#members.size;
  }

  /** @param fraction where in the pool, in [0, 1) */
  goTo(fraction: number): void {
    this.#next = Math.floor(fraction * this.#members.size);
  }

  /** From here all of the pool is to be passed before it counts as full. */
  beginRound(): void {
    this.#barren = 0;
  }

  /** So many have been passed, and nothing found. */
  countBarren(count: number): void {
    this.#barren += count;
  }

  /** The members of the next block. Whoever asks next, perhaps before the answer to this is here, gets the one behind. */
  takeBlock(length: number): readonly Key[] {
    const { size } = this.#members;
    const keys: Key[] = [];
    for (let i = 0; i < Math.min(length, size); i++) {
      const key = this.#members.at((this.#next + i) % size);
      if (!this.#members.isExcluded(key)) keys.push(key);
    }
    this.#next = (this.#next + length) % size;
    return keys;
  }

  /** What one search is to look at. */
  nextPart(): Part<Key> {
    const from = this.#next;
    const count = Math.min(this.#members.searched, Math.max(this.#members.size - this.#barren, 0));
    return { from, count, spans: this.#spans(from, count) };
  }

  /**
   * Goes on to what a search has found, else behind the part.
   * @returns whether it has found a member
   */
  pass({ from, count }: Part<Key>, gap: Key | undefined): boolean {
    const { size } = this.#members;
    const index = gap === undefined ? undefined : this.#members.indexOf(gap);
    this.#next = index ?? (from + count) % size;
    this.#barren += index === undefined ? count : (index - from + size) % size;
    return index !== undefined;
  }

  /** What is behind the end is a span of its own. */
  #spans(from: number, count: number): readonly Span<Key>[] {
    const { size, at } = this.#members;
    const end = from + count;
    const parts = [
      [from, Math.min(end, size) - 1],
      [0, end - size - 1],
    ] as const;
    return parts
      .filter(([first, last]) => first <= last)
      .map(([first, last]) => ({ first: at(first), last: at(last) }));
  }
}
