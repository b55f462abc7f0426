/** Room for millions of short byte strings outside the JavaScript heap, given out by size class and used again. */

const UNIT_BITS = 3;
/** 256 kB a chunk: growing never copies what is there. */
const CHUNK_BITS = 18;
const CHUNK_UNITS = 1 << (CHUNK_BITS - UNIT_BITS);

/** Units of eight bytes that a string of this length gets: exactly what it needs up to 128 bytes, then a quarter more at most. */
function unitsFor(length: number): number {
  const units = Math.max(1, (length + 7) >>> UNIT_BITS);
  if (units <= 16) return units;
  const step = 1 << (29 - Math.clz32(units - 1));
  return Math.ceil(units / step) * step;
}

export class ByteArena {
  readonly #chunks: Buffer[] = [];
  /** By size class: the last block given back; its first four bytes name the one before it, itself the last. */
  readonly #released = new Map<number, number>();
  #nextUnit = CHUNK_UNITS;

  /** Bytes taken from the system. */
  get size(): number {
    return this.#chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  }

  /** @returns a reference to at least `length` bytes of any content */
  allocate(length: number): number {
    const units = unitsFor(length);
    const ref = this.#released.get(units);
    if (ref !== undefined) {
      const before = this.chunk(ref).readUInt32LE(this.offset(ref));
      if (before === ref) this.#released.delete(units);
      else this.#released.set(units, before);
      return ref;
    }
    if (this.#nextUnit + units > CHUNK_UNITS) {
      // A string longer than a chunk gets one of its own, in which nothing else will find room.
      this.#chunks.push(Buffer.alloc(Math.max(units, CHUNK_UNITS) << UNIT_BITS));
      this.#nextUnit = 0;
    }
    const start = (this.#chunks.length - 1) * CHUNK_UNITS + this.#nextUnit;
    this.#nextUnit += units;
    return start;
  }

  /**
   * The next block of the same size class will be this one.
   * @param length as it was when the block was allocated
   */
  release(ref: number, length: number): void {
    const units = unitsFor(length);
    this.chunk(ref).writeUInt32LE(this.#released.get(units) ?? ref, this.offset(ref));
    this.#released.set(units, ref);
  }

  /** The memory that a block lies in; valid for good, for chunks never move. */
  chunk(ref: number): Buffer {
    return this.#chunks[ref >>> (CHUNK_BITS - UNIT_BITS)]!;
  }

  /** Where in its chunk a block begins. */
  offset(ref: number): number {
    return (ref & (CHUNK_UNITS - 1)) << UNIT_BITS;
  }
}
