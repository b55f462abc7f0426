/** The part of every lease that has a fixed length: a slab of rows, 56 bytes a lease, with a free list. */

/**
 * The fourteen 32-bit words of a row. Links come in pairs, the way back directly behind the way on. Times are those of
 * the table, see `LeaseTable.shift`.
 */
export const Field = {
  address: 0,
  validLifetime: 1,
  /** A float64: words 2 and 3. */
  cltt: 2,
  subnetId: 4,
  poolId: 5,
  /** State and flags of the lease; zero when the row is free. */
  flags: 6,
  /** Where the parts of variable length are; the next free row when the row is free. */
  bytes: 7,
  hwaddrLinks: 8,
  clientIdLinks: 10,
  calendarLinks: 12,
} as const;

/** "No row": slots count from one, so that links that nobody has set yet lead nowhere. */
export const NO_SLOT = 0;

const CHUNK_BITS = 12;
const CHUNK_MASK = (1 << CHUNK_BITS) - 1;
const ROW = 14;

/**
 * Rows lie together, and not field by field, because a packet that looks at a lease looks at most of it: one or two
 * cache lines instead of ten. They come in chunks of 4,096, so that a growing table never copies what it has.
 */
export class LeaseRows {
  readonly #words: Uint32Array[] = [];
  readonly #doubles: Float64Array[] = [];
  #end = 1;
  #firstFree = NO_SLOT;

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
      const words = new Uint32Array(ROW << CHUNK_BITS);
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
    return this.#words[slot >>> CHUNK_BITS]![(slot & CHUNK_MASK) * ROW + field]!;
  }

  set(slot: number, field: number, value: number): void {
    this.#words[slot >>> CHUNK_BITS]![(slot & CHUNK_MASK) * ROW + field] = value;
  }

  getCltt(slot: number): number {
    return this.#doubles[slot >>> CHUNK_BITS]![((slot & CHUNK_MASK) * ROW + Field.cltt) >> 1]!;
  }

  setCltt(slot: number, cltt: number): void {
    this.#doubles[slot >>> CHUNK_BITS]![((slot & CHUNK_MASK) * ROW + Field.cltt) >> 1] = cltt;
  }
}
