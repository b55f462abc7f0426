/** Places of a pool that the database had free when last asked: a stock to give from, and where to look for more. */
import type { Seconds } from "../../base/clock.ts";
import type { Search, SearchResult, Span } from "./lease-database.ts";

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

/** What a search needs. */
export interface Searcher<L, Key, Range> {
  now(): Seconds;
  search(search: Search<Key, Range>): Promise<SearchResult<L, Key>>;
  /** As of `SharedPool.find`. */
  isBusy(key: Key): boolean;
}

/** Places asked for at a time: most of them have no lease in a pool that is not nearly full, so most cost nothing. */
const BLOCK = 256;
/** Each block that brings nothing doubles the next one, up to this: all may be on offer to somebody. */
const LONGEST_BLOCK = 4096;
/** More members than a packet waits for to be searched: where a block is taken, others are tried first. */
const LARGE = 65_536;
/** So many of them, anywhere: of a pool that is not nearly full they find something. */
const TRIES = 2;
/** With fewer in stock the next load brings more, before a packet has to wait for it. */
const LOW = 128;
/** How long a pool in which nothing was found is left alone: so long, */
const REST: Seconds = 2;
/** and so many times as long as the search has taken: others need the database, too. */
const IDLENESS = 9;

/**
 * Most pools are mostly free: the stock is filled by asking for a block of neighbours. Where a whole block is taken, the
 * database searches the pool, and the next block begins at what it finds. So the last free place takes three loads. In a
 * large pool the leases of a million clients may lie between: there a few blocks anywhere come before the search, and
 * while it lasts the pool has nothing more.
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
  #searching: Promise<void> | undefined;
  /** Until then nothing unused is looked for in a full pool. */
  #restUntil: Seconds = 0;
  /** Whether the last search has found leases that are over: there may be more. */
  #mayBeOver = false;

  constructor(range: Range, members: PoolMembers<Key>) {
    this.range = range;
    this.#members = members;
  }

  /** As `PoolCursor.hasUnused`; while nobody has looked, there may be. */
  get hasUnused(): boolean {
    return this.#unused.size > 0 || this.#state !== "full";
  }

  /** Whether a block is to be asked for: otherwise it is to be searched. */
  get isSparse(): boolean {
    return this.#state === "sparse";
  }

  get isLow(): boolean {
    return this.#unused.size < LOW && this.#state === "sparse";
  }

  /** Whether a search is under way that no packet waits for. */
  get isBeingSearched(): boolean {
    return this.#searching !== undefined && this.#isLarge;
  }

  get #isLarge(): boolean {
    return this.#members.size > LARGE;
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
    return this.stock(isBusy, start).next().value;
  }

  /** What `find` gives, then what it would give if that were taken, and so on: each place once. */
  *stock(isBusy: (key: Key) => boolean, start = 0): Generator<Key, undefined> {
    let skip = Math.floor(start * this.#unused.size);
    const skipped: Key[] = [];
    for (const key of this.#unused) {
      if (isBusy(key)) this.#unused.delete(key);
      else if (skip-- > 0) skipped.push(key);
      else yield key;
    }
    yield* skipped;
    for (const key of this.#over.keys()) {
      if (isBusy(key)) this.#over.delete(key);
      else yield key;
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
    return this.#state !== "full" || this.#mayBeOver || now >= this.#restUntil;
  }

  /** Whether the stock is of what was found in a search, and what comes free is to be told. */
  isSearched(now: Seconds): boolean {
    return this.#searching !== undefined || (this.#state === "full" && now < this.#restUntil);
  }

  /** A place has come free. @param lease what is in it, over */
  takeBack(key: Key, lease: L | undefined): void {
    if (!this.includes(key)) return;
    if (lease === undefined) this.#unused.add(key);
    else this.#over.set(key, lease);
  }

  /** Another server gives from where we do, `key` for one: we go elsewhere. @param random in [0, 1) */
  scatter(key: Key, random: number): void {
    this.#over.delete(key);
    this.#unused.clear();
    this.#next = Math.floor(random * this.#members.size);
  }

  /** @param start where to look, in [0, 1); `undefined` for behind the block before @returns the places to look at */
  ask(start: number | undefined): readonly Key[] {
    const { size } = this.#members;
    if (start !== undefined) this.#next = Math.floor(start * size);
    const keys: Key[] = [];
    for (let i = 0; i < Math.min(this.#block, size); i++) {
      const key = this.#members.at((this.#next + i) % size);
      if (!this.#members.isExcluded(key)) keys.push(key);
    }
    // The next load, which may begin before this one has ended, asks for other places.
    this.#next = (this.#next + this.#block) % size;
    return keys;
  }

  /**
   * Takes in what a load has brought.
   * @param isFree whether a place that was asked for has no lease, and is not on its way to somebody
   * @param random in [0, 1)
   */
  take(keys: readonly Key[], isFree: (key: Key) => boolean, random: number): void {
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
    } else if (this.#isLarge && this.#tries < TRIES) {
      this.#tries++;
      this.#barren = 0;
      this.#next = Math.floor(random * this.#members.size);
    } else if (this.#unused.size === 0 && this.#state === "sparse") {
      this.#barren += this.#block;
      this.#block = Math.min(2 * this.#block, LONGEST_BLOCK);
      this.#state = "taken";
    }
  }

  /**
   * Has the database search the pool, or joins the search that is under way: there is one at a time, however many packets
   * want it. Resolves when it has ended, of a large pool at once: the search goes on, and if it fails the next packet
   * begins it again.
   */
  async search(searcher: Searcher<L, Key, Range>): Promise<void> {
    this.#searching ??= this.#goThrough(searcher).finally(() => {
      this.#searching = undefined;
    });
    if (this.#isLarge) this.#searching.catch(() => {});
    else await this.#searching;
  }

  async #goThrough({ now, search, isBusy }: Searcher<L, Key, Range>): Promise<void> {
    const { size, searched } = this.#members;
    const began = now();
    const isResting = began < this.#restUntil;
    if (this.#state === "full" && !isResting) {
      this.#state = "taken";
      this.#barren = 0;
    }
    do {
      const from = this.#next;
      const count = this.#state === "full" ? 0 : Math.min(searched, Math.max(size - this.#barren, 0));
      const { gap, over } = await search({ range: this.range, spans: this.#spans(from, count), now: now() });
      for (const { key, lease } of over) this.#over.set(key, lease);
      const index = gap === undefined ? undefined : this.#members.indexOf(gap);
      this.#next = index ?? (from + count) % size;
      this.#barren += index === undefined ? count : (index - from + size) % size;
      if (this.#barren >= size) this.#state = "full";
      else if (index !== undefined) this.#state = "sparse";
    } while (this.#state === "taken");
    this.#mayBeOver = this.find(isBusy) !== undefined;
    if (this.#state === "full" && !isResting) this.#restUntil = now() + REST + IDLENESS * (now() - began);
  }

  /** So many places from one on, around the end. */
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
