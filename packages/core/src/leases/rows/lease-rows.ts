/** The part of every lease that has a fixed length: a slab of rows with a free list. */

/**
 * The 32-bit words that begin a row in both families; a family's own words follow. Links come in pairs, the way back
 * directly behind the way on. Times are those of the table, see `LeaseTable.shift`.
 */
export const Field = {
  /** A float64: words 0 and 1. */
  cltt: 0,
  validLifetime: 2,
  subnetId: 3,
  poolId: 4,
  /** State and flags of the lease; zero when the row is free. */
  flags: 5,
  /** Where the parts of variable length are; the next free row when the row is free. */
  bytes: 6,
  calendarLinks: 7,
  family: 9,
} as const;

/** "No row": slots count from one, so that links that nobody has set yet lead nowhere. */
export const NO_SLOT = 0;

const CHUNK_BITS = 12;
const CHUNK_MASK = (1 << CHUNK_BITS) - 1;

/**
 * Rows lie together, and not field by field, because a packet that looks at a lease looks at most of it: one or two
 * cache lines instead of ten. They come in chunks of 4,096, so that a growing table never copies what it has.
 */
export class LeaseRows {
  readonly #width: number;
  readonly #words: Uint32Array[] = [];
  readonly #doubles: Float64Array[] = [];
  #end = 1;
  #firstFree = NO_SLOT;

  /** @param width words in a row; even, for the times in them */
  constructor(width: number) {
    this.#width = width;
  }

  /** One above the highest slot ever used. */
  get end(): number {
    return this.#end;
  }

  /** A row with any content but its flags, which are zero. */
  allocate(): number {
    const slot = this.#firstFree;
    if (slot !== NO_SLOT) {
      this.#firstFree = this.get(slot, Field.bytes);
      return slot;
    }
    if (this.#end >>> CHUNK_BITS === this.#words.length) {
      const words = new Uint32Array(this.#width << CHUNK_BITS);
      this.#words.push(words);
      this.#doubles.push(new Float64Array(words.buffer));
    }
    return this.#end++;
  }

  release(slot: number): void {
    this.set(slot, Field.flags, 0);
    this.set(slot, Field.bytes, this.#firstFree);
    this.#firstFree = slot;
  }

  get(slot: number, field: number): number {
    return this.#words[slot >>> CHUNK_BITS]![(slot & CHUNK_MASK) * this.#width + field]!;
  }

  set(slot: number, field: number, value: number): void {
    this.#words[slot >>> CHUNK_BITS]![(slot & CHUNK_MASK) * this.#width + field] = value;
  }

  getCltt(slot: number): number {
    return this.#doubles[slot >>> CHUNK_BITS]![((slot & CHUNK_MASK) * this.#width + Field.cltt) >> 1]!;
  }

  setCltt(slot: number, cltt: number): void {
    this.#doubles[slot >>> CHUNK_BITS]![((slot & CHUNK_MASK) * this.#width + Field.cltt) >> 1] = cltt;
  }
}
