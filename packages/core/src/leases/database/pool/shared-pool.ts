/** A pool of a shared store: a stock of what the database had free when last asked, and where to look for more. */
import type { Seconds } from "../../../base/clock.ts";
import type { Search, SearchResult } from "../lease-database.ts";
import { PoolStock } from "./pool-stock.ts";
import { type PoolMembers, PoolWalk } from "./pool-walk.ts";

/** What a search needs. */
export interface Searcher<L, Key, Range> {
  now(): Seconds;
  search(search: Search<Key, Range>): Promise<SearchResult<L, Key>>;
  /** As of `SharedPool.stock`. */
  isBusy(key: Key): boolean;
}

/** Members asked for at a time: most of them have no lease in a pool that is not nearly full, so most cost nothing. */
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
 * | state    | what is known                    | what the next load does              | what comes of it                       |
 * | -------- | -------------------------------- | ------------------------------------ | -------------------------------------- |
 * | `sparse` | nothing, or there was something  | asks for a block of neighbours; in a | `taken` when all of it is taken and    |
 * |          | free in the last block or search | large pool for others anywhere, when | nothing is left in stock               |
 * |          |                                  | all of it is taken                   |                                        |
 * | `taken`  | the last block is taken          | searches from there on               | `sparse` at the first gap, `full` when |
 * |          | throughout                       |                                      | there is none in the whole pool        |
 * | `full`   | no member is without a lease     | searches for leases that are over;   | `sparse` at the first gap              |
 * |          |                                  | after a rest for gaps, as if `taken` |                                        |
 *
 * So the last free member takes three loads. A packet waits for the search of a pool, but not of a large one: while that
 * lasts, there is nothing more.
 */
type PoolState = "sparse" | "taken" | "full";

export class SharedPool<L, Key, Range> {
  readonly range: Range;
  readonly #members: PoolMembers<Key>;
  readonly #isLarge: boolean;
  readonly #stock = new PoolStock<L, Key>();
  readonly #walk: PoolWalk<Key>;
  #state: PoolState = "sparse";
  #block = BLOCK;
  /** Blocks tried since the last one that had something. */
  #tries = 0;
  #searching: Promise<void> | undefined;
  /** Until then no gaps are looked for in a full pool. */
  #restUntil: Seconds = 0;
  /** Whether the last search has found leases that are over: there may be more. */
  #mayBeOver = false;

  constructor(range: Range, members: PoolMembers<Key>) {
    this.range = range;
    this.#members = members;
    this.#isLarge = members.size > LARGE;
    this.#walk = new PoolWalk(members);
  }

  /** As `PoolCursor4.hasUnused`; while nobody has looked, there may be. */
  get hasUnused(): boolean {
    return this.#stock.unused > 0 || this.#state !== "full";
  }

  /** Whether a block is to be asked for: otherwise it is to be searched. */
  get isSparse(): boolean {
    return this.#state === "sparse";
  }

  get isLow(): boolean {
    return this.#stock.unused < LOW && this.#state === "sparse";
  }

  /** Whether a search is under way that no packet waits for. */
  get isBeingSearched(): boolean {
    return this.#searching !== undefined && this.#isLarge;
  }

  /** As `PoolCursor4.leaveBehind`. */
  leaveBehind(): void {
    // What is given is in use, and so not in stock.
  }

  includes(key: Key): boolean {
    return this.#members.indexOf(key) !== undefined && !this.#members.isExcluded(key);
  }

  /**
   * What can be given, each once: what has no lease, then what has one that is over.
   * @param isBusy whether it is in use in the meantime; it is not asked about again
   * @param start where in the stock to begin, in [0, 1)
   */
  stock(isBusy: (key: Key) => boolean, start = 0): Generator<Key, undefined> {
    return this.#stock.candidates(isBusy, start);
  }

  /** The lease that is over, of a key in stock. */
  leaseAt(key: Key): L | undefined {
    return this.#stock.leaseAt(key);
  }

  drop(key: Key): void {
    this.#stock.drop(key);
  }

  /** Whether asking the database again may bring something. */
  mayHaveMore(now: Seconds): boolean {
    return this.#state !== "full" || this.#mayBeOver || now >= this.#restUntil;
  }

  /** Whether the stock is of what was found in a search, and what comes free is to be told. */
  isSearched(now: Seconds): boolean {
    return this.#searching !== undefined || (this.#state === "full" && now < this.#restUntil);
  }

  /** Something has come free. @param lease what is there, over */
  takeBack(key: Key, lease: L | undefined): void {
    if (!this.includes(key)) return;
    if (lease === undefined) this.#stock.addUnused(key);
    else this.#stock.addOver(key, lease);
  }

  /** Another server gives from where we do, `key` for one: we go elsewhere. @param random in [0, 1) */
  scatter(key: Key, random: number): void {
    this.#stock.drop(key);
    this.#stock.clearUnused();
    this.#walk.goTo(random);
  }

  /** @param start where to look, in [0, 1); `undefined` for behind the block before @returns the keys to look at */
  ask(start: number | undefined): readonly Key[] {
    if (start !== undefined) this.#walk.goTo(start);
    return this.#walk.takeBlock(this.#block);
  }

  /**
   * Takes in what a load has brought.
   * @param isFree whether a key that was asked for has no lease, and is not on its way to somebody
   * @param random in [0, 1)
   */
  take(keys: readonly Key[], isFree: (key: Key) => boolean, random: number): void {
    let isBarren = true;
    for (const key of keys) {
      if (!isFree(key)) {
        this.#stock.dropUnused(key);
        continue;
      }
      this.#stock.addUnused(key);
      isBarren = false;
    }
    if (!isBarren) {
      this.#walk.beginRound();
      this.#tries = 0;
      this.#block = BLOCK;
    } else if (this.#isLarge && this.#tries < TRIES) {
      this.#walk.beginRound();
      this.#walk.goTo(random);
      this.#tries++;
    } else if (this.#stock.unused === 0 && this.#state === "sparse") {
      this.#walk.countBarren(this.#block);
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
    const began = now();
    const isResting = began < this.#restUntil;
    if (this.#state === "full" && !isResting) {
      this.#state = "taken";
      this.#walk.beginRound();
    }
    do {
      const part = this.#state === "full" ? undefined : this.#walk.nextPart();
      const { gap, over } = await search({ range: this.range, spans: part?.spans ?? [], now: now() });
      for (const { key, lease } of over) this.#stock.addOver(key, lease);
      const hasGap = part !== undefined && this.#walk.pass(part, gap);
      if (this.#walk.isRound) this.#state = "full";
      else if (hasGap) this.#state = "sparse";
    } while (this.#state === "taken");
    this.#mayBeOver = this.stock(isBusy).next().value !== undefined;
    if (this.#state === "full" && !isResting) this.#restUntil = now() + REST + IDLENESS * (now() - began);
  }
}
