/** Slots of rows by the hash of a key: extendible hashing, so that growing moves one page and never the whole table. */
import { NO_SLOT } from "./lease-rows.ts";

/** A page is 32 entries of two words, hash and slot; an entry stands at the place its hash says or the next free one. */
const PAGE_ENTRIES = 32;
const PAGE_WORDS = 2 * PAGE_ENTRIES;
const LAST_WORD = PAGE_WORDS - 1;
/** One entry stays free: it ends the search for what is not there. */
const PAGE_FULL = PAGE_ENTRIES - 1;
const CHUNK_PAGES_BITS = 10;
const CHUNK_PAGES = 1 << CHUNK_PAGES_BITS;

/**
 * The highest bits of a hash choose an entry of the directory, and that a page (Fagin and others, 1979). A page that is
 * full is split in two by the next bit; if the directory does not look at that bit yet it doubles: 512 kB for a million
 * keys. The rows themselves are read only where all 32 bits of a hash agree. More keys than a page has room for must
 * not have the same hash: it takes a hash whose secret nobody knows.
 */
export class SlotIndex<Key> {
  readonly #hasKey: (slot: number, key: Key) => boolean;
  /** Pages by the highest `#depth` bits of a hash. */
  #directory = new Uint32Array(2);
  #depth = 1;
  readonly #chunks: Uint32Array[] = [];
  /** By page: its entries in use, and how many of the highest bits all its hashes share. */
  readonly #sizes: number[] = [];
  readonly #depths: number[] = [];
  /** Where a page is kept while it is split. */
  readonly #before = new Uint32Array(PAGE_WORDS);

  /** @param hasKey whether the row at `slot` has this key */
  constructor(hasKey: (slot: number, key: Key) => boolean) {
    this.#hasKey = hasKey;
    this.#directory[0] = this.#newPage(1);
    this.#directory[1] = this.#newPage(1);
  }

  /** @returns `NO_SLOT` when there is no such key */
  find(key: Key, hash: number): number {
    const page = this.#pageOf(hash);
    const words = this.#wordsOf(page);
    const start = startOf(page);
    for (let at = placeOf(hash); ; at = (at + 2) & LAST_WORD) {
      const slot = words[start + at + 1]!;
      if (slot === NO_SLOT) return NO_SLOT;
      if (words[start + at] === hash >>> 0 && this.#hasKey(slot, key)) return slot;
    }
  }

  /** The key must be new. */
  add(slot: number, hash: number): void {
    let page = this.#pageOf(hash);
    while (this.#sizes[page]! >= PAGE_FULL) {
      this.#split(page, hash);
      page = this.#pageOf(hash);
    }
    this.#insert(page, slot, hash);
  }

  /** Another row stands for the same key from now on. */
  replace(slot: number, by: number, hash: number): void {
    const page = this.#pageOf(hash);
    this.#wordsOf(page)[startOf(page) + this.#placeHeld(page, slot, hash) + 1] = by;
  }

  remove(slot: number, hash: number): void {
    const page = this.#pageOf(hash);
    const words = this.#wordsOf(page);
    const start = startOf(page);
    this.#sizes[page]!--;
    let hole = this.#placeHeld(page, slot, hash);
    // Entries behind the hole move up, unless they would then stand before their own place.
    for (let at = (hole + 2) & LAST_WORD; words[start + at + 1] !== NO_SLOT; at = (at + 2) & LAST_WORD) {
      const displaced = (at - placeOf(words[start + at]!)) & LAST_WORD;
      if (displaced < ((at - hole) & LAST_WORD)) continue;
      words[start + hole] = words[start + at]!;
      words[start + hole + 1] = words[start + at + 1]!;
      hole = at;
    }
    words[start + hole + 1] = NO_SLOT;
  }

  #pageOf(hash: number): number {
    return this.#directory[hash >>> (32 - this.#depth)]!;
  }

  #wordsOf(page: number): Uint32Array {
    return this.#chunks[page >>> CHUNK_PAGES_BITS]!;
  }

  #placeHeld(page: number, slot: number, hash: number): number {
    const words = this.#wordsOf(page);
    let at = placeOf(hash);
    while (words[startOf(page) + at + 1] !== slot) at = (at + 2) & LAST_WORD;
    return at;
  }

  #insert(page: number, slot: number, hash: number): void {
    const words = this.#wordsOf(page);
    const start = startOf(page);
    let at = placeOf(hash);
    while (words[start + at + 1] !== NO_SLOT) at = (at + 2) & LAST_WORD;
    words[start + at] = hash;
    words[start + at + 1] = slot;
    this.#sizes[page]!++;
  }

  #newPage(depth: number): number {
    const page = this.#sizes.length;
    if (page % CHUNK_PAGES === 0) this.#chunks.push(new Uint32Array(CHUNK_PAGES * PAGE_WORDS));
    this.#sizes.push(0);
    this.#depths.push(depth);
    return page;
  }

  /** @param hash one that belongs in the page */
  #split(page: number, hash: number): void {
    const depth = ++this.#depths[page]!;
    if (depth > this.#depth) this.#doubleDirectory();
    const added = this.#newPage(depth);
    // The directory's entries for the page lie together; the upper half of them, where the next bit is one, moves.
    const entries = 1 << (this.#depth - depth);
    const upper = ((hash >>> (32 - depth)) | 1) * entries;
    this.#directory.fill(added, upper, upper + entries);
    const start = startOf(page);
    this.#before.set(this.#wordsOf(page).subarray(start, start + PAGE_WORDS));
    this.#wordsOf(page).fill(NO_SLOT, start, start + PAGE_WORDS);
    this.#sizes[page] = 0;
    for (let at = 0; at < PAGE_WORDS; at += 2) {
      const slot = this.#before[at + 1]!;
      if (slot !== NO_SLOT) this.#insert(this.#pageOf(this.#before[at]!), slot, this.#before[at]!);
    }
  }

  #doubleDirectory(): void {
    const doubled = new Uint32Array(2 * this.#directory.length);
    for (let i = 0; i < doubled.length; i++) doubled[i] = this.#directory[i >>> 1]!;
    this.#directory = doubled;
    this.#depth++;
  }
}

/** The first word of a page in its chunk. */
function startOf(page: number): number {
  return (page & (CHUNK_PAGES - 1)) * PAGE_WORDS;
}

/** Where in its page the entry of a hash belongs. */
function placeOf(hash: number): number {
  return (hash << 1) & LAST_WORD;
}
