/** Places of a pool that the database had free when last asked: a stock to give from, and where to look for more. */
import type { Seconds } from "../../base/clock.ts";
import type { Search, SearchResult } from "./lease-database.ts";

/** The members of a pool, by number. */
export interface PoolMembers<Key> {
  /** At most 2^53 - 1. */
  readonly size: number;
  at(index: number): Key;
  indexOf(key: Key): number | undefined;
  isExcluded(key: Key): boolean;
}

/** Places asked for at a time: most of them have no lease in a pool that is not nearly full, so most cost nothing. */
const BLOCK = 256;
/** Each block that brings nothing doubles the next one, up to this: all may be on offer to somebody. */
const LONGEST_BLOCK = 4096;
/** More members than the database goes through while a packet waits: where a block is taken, others are tried first. */
const LARGE = 65_536;
/** So many of them, anywhere: of a pool that is not nearly full they find something. */
const TRIES = 8;
/** With fewer in stock the next load brings more, before a packet has to wait for it. */
const LOW = 128;
/** How long a pool in which nothing was found is left alone. */
const REST: Seconds = 1;

/** What a load is to bring. */
export type Asked<Key> =
  | { readonly kind: "block"; readonly keys: readonly Key[] }
  | { readonly kind: "search"; readonly index: number; readonly now: Seconds };

/**
 * Most pools are mostly free: the stock is filled by asking for a block of neighbours. Where a whole block is taken, the
 * database searches the pool, and the next block begins at what it finds. So the last free place takes three loads. In a
 * large pool the leases of a million clients may lie between: there a few blocks anywhere come before the search.
 */
export class SharedPool<L, Key, Range> {
  readonly range: Range;
  readonly #members: PoolMembers<Key>;
  readonly #unused = new Set<Key>();
  readonly #over = new Map<Key, L>();
  #next = 0;
  /** How the last block was: `taken` throughout; or nothing unused was found in the whole pool: `full`. */
  #state: "sparse" | "taken" | "full" = "sparse";
  #block = BLOCK;
  /** Blocks tried since the last one that had something. */
  #tries = 0;
  /** Members passed since the last one that could be given. */
  #barren = 0;
  #restUntil: Seconds = 0;

  constructor(range: Range, members: PoolMembers<Key>) {
    this.range = range;
    this.#members = members;
  }

  /** As `PoolCursor.hasUnused`; while nobody has looked, there may be. */
  get hasUnused(): boolean {
    return this.#unused.size > 0 || this.#state !== "full";
  }

  get isLow(): boolean {
    return this.#unused.size < LOW && this.#state === "sparse";
  }

  includes(key: Key): boolean {
    return this.#members.indexOf(key) !== undefined && !this.#members.isExcluded(key);
  }

  /**
   * A place that can be given: one without a lease, else one whose lease is over.
   * @param isBusy whether a place is in use in the meantime; it is not asked about again
   * @param start where in the stock to begin, in [0, 1)
   */
  find(isBusy: (key: Key) => boolean, start = 0): Key | undefined {
    let skip = Math.floor(start * this.#unused.size);
    let first: Key | undefined;
    for (const key of this.#unused) {
      if (isBusy(key)) this.#unused.delete(key);
      else if (skip-- <= 0) return key;
      else first ??= key;
    }
    if (first !== undefined) return first;
    for (const key of this.#over.keys()) {
      if (!isBusy(key)) return key;
      this.#over.delete(key);
    }
    return undefined;
  }

  /** The lease that is over in a place in stock. */
  leaseAt(key: Key): L | undefined {
    return this.#over.get(key);
  }

  drop(key: Key): void {
    this.#unused.delete(key);
    this.#over.delete(key);
  }

  /** Whether asking the database again may bring something. */
  mayHaveMore(now: Seconds): boolean {
    return this.#state !== "full" || now >= this.#restUntil;
  }

  /** Another server gives from where we do: we go elsewhere. @param random in [0, 1) */
  scatter(random: number): void {
    this.#unused.clear();
    this.#next = Math.floor(random * this.#members.size);
  }

  /** Adds to what is wanted. @param start where to look, in [0, 1); `undefined` for behind the block before */
  ask(wanted: { keys: Set<Key>; searches: Search<Key, Range>[] }, now: Seconds, start: number | undefined): Asked<Key> {
    const { size } = this.#members;
    if (start !== undefined && this.#state === "sparse") this.#next = Math.floor(start * size);
    if (this.#state !== "sparse") {
      wanted.searches.push({ range: this.range, from: this.#members.at(this.#next), now });
      return { kind: "search", index: wanted.searches.length - 1, now };
    }
    const keys: Key[] = [];
    for (let i = 0; i < Math.min(this.#block, size); i++) {
      const key = this.#members.at((this.#next + i) % size);
      if (!this.#members.isExcluded(key)) keys.push(key);
    }
    // The next load, which may begin before this one has ended, asks for other places.
    this.#next = (this.#next + this.#block) % size;
    for (const key of keys) wanted.keys.add(key);
    return { kind: "block", keys };
  }

  /**
   * Takes in what a load has brought.
   * @param isFree whether a place that was asked for has no lease, and is not on its way to somebody
   * @param random in [0, 1)
   */
  take(
    asked: Asked<Key>,
    isFree: (key: Key) => boolean,
    searches: readonly SearchResult<L, Key>[],
    random: number,
  ): void {
    if (asked.kind === "block") this.#takeBlock(asked.keys, isFree, random);
    else this.#takeSearch(searches[asked.index]!, asked.now);
  }

  #takeBlock(keys: readonly Key[], isFree: (key: Key) => boolean, random: number): void {
    let isBarren = true;
    for (const key of keys) {
      if (!isFree(key)) {
        this.#unused.delete(key);
        continue;
      }
      this.#unused.add(key);
      isBarren = false;
    }
    if (!isBarren) {
      this.#barren = 0;
      this.#tries = 0;
      this.#block = BLOCK;
    } else if (this.#members.size > LARGE && this.#tries < TRIES) {
      this.#tries++;
      this.#barren = 0;
      this.#next = Math.floor(random * this.#members.size);
    } else if (this.#unused.size === 0) {
      this.#barren += this.#block;
      this.#block = Math.min(2 * this.#block, LONGEST_BLOCK);
      this.#state = "taken";
    }
  }

  #takeSearch({ gap, over }: SearchResult<L, Key>, now: Seconds): void {
    const { size } = this.#members;
    for (const { key, lease } of over) this.#over.set(key, lease);
    const index = gap === undefined ? undefined : this.#members.indexOf(gap);
    if (index !== undefined) this.#barren += (index - this.#next + size) % size;
    if (index !== undefined && this.#barren < size) {
      this.#next = index;
      this.#state = "sparse";
      return;
    }
    this.#state = "full";
    this.#barren = 0;
    if (over.length === 0) this.#restUntil = now + REST;
  }
}
