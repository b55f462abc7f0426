/** A set of numbers below 65,536 that finds the next member, or the next number that is none, in a few steps. */

export const BITMAP_SIZE = 0x1_0000;

const WORDS = BITMAP_SIZE >>> 5;
// Two levels above the words, each in two kinds: which words have a member, and which are full.
const ANY = WORDS;
const ANY_TOP = ANY + (WORDS >>> 5);
const FULL = ANY_TOP + (WORDS >>> 10);
const FULL_TOP = FULL + (WORDS >>> 5);
const END = FULL_TOP + (WORDS >>> 10);

export class Bitmap {
  readonly #words = new Int32Array(END);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(n: number): boolean {
    return (this.#words[n >>> 5]! & (1 << (n & 31))) !== 0;
  }

  add(n: number): void {
    if (this.has(n)) return;
    this.#size++;
    this.#set(0, n);
    this.#set(ANY, n >>> 5);
    this.#set(ANY_TOP, n >>> 10);
    if (this.#words[n >>> 5] !== -1) return;
    this.#set(FULL, n >>> 5);
    if (this.#words[FULL + (n >>> 10)] === -1) this.#set(FULL_TOP, n >>> 10);
  }

  delete(n: number): void {
    if (!this.has(n)) return;
    this.#size--;
    this.#clear(0, n);
    this.#clear(FULL, n >>> 5);
    this.#clear(FULL_TOP, n >>> 10);
    if (this.#words[n >>> 5] !== 0) return;
    this.#clear(ANY, n >>> 5);
    if (this.#words[ANY + (n >>> 10)] === 0) this.#clear(ANY_TOP, n >>> 10);
  }

  /** The lowest member not below `from`; 65,536 when there is none. */
  next(from: number): number {
    return this.#find(from, 0, ANY, ANY_TOP);
  }

  /** The lowest number not below `from` that is no member; 65,536 when there is none. */
  nextAbsent(from: number): number {
    return this.#find(from, -1, FULL, FULL_TOP);
  }

  /** Which of the 32 numbers around `n` are members; the lowest bit is the lowest number. */
  word(n: number): number {
    return this.#words[n >>> 5]!;
  }

  /** How many members lie between `first` and `last`, both included. */
  count(first: number, last: number): number {
    if (first === 0 && last === BITMAP_SIZE - 1) return this.#size;
    const start = first >>> 5;
    const end = last >>> 5;
    const head = -1 << (first & 31);
    const tail = -1 >>> (31 - (last & 31));
    if (start === end) return bitCount(this.#words[start]! & head & tail);
    let sum = bitCount(this.#words[start]! & head) + bitCount(this.#words[end]! & tail);
    for (let i = start + 1; i < end; i++) sum += bitCount(this.#words[i]!);
    return sum;
  }

  /** @param flip -1 to look for zeros instead of ones, with levels that say where the words are full */
  #find(from: number, flip: number, level: number, top: number): number {
    const words = this.#words;
    if (from >= BITMAP_SIZE) return BITMAP_SIZE;
    const found = (words[from >>> 5]! ^ flip) & (-1 << (from & 31));
    if (found !== 0) return (from & ~31) + lowestBit(found);
    let word = (from >>> 5) + 1;
    if (word === WORDS) return BITMAP_SIZE;
    let words32 = (words[level + (word >>> 5)]! ^ flip) & (-1 << (word & 31));
    if (words32 === 0) {
      let group = (word >>> 5) + 1;
      if (group === WORDS >>> 5) return BITMAP_SIZE;
      let groups = (words[top + (group >>> 5)]! ^ flip) & (-1 << (group & 31));
      if (groups === 0) {
        group = (group | 31) + 1;
        if (group === WORDS >>> 5) return BITMAP_SIZE;
        groups = words[top + (group >>> 5)]! ^ flip;
        if (groups === 0) return BITMAP_SIZE;
      }
      group = (group & ~31) + lowestBit(groups);
      words32 = words[level + group]! ^ flip;
      word = group << 5;
    }
    word = (word & ~31) + lowestBit(words32);
    return (word << 5) + lowestBit(words[word]! ^ flip);
  }

  #set(level: number, bit: number): void {
    this.#words[level + (bit >>> 5)]! |= 1 << (bit & 31);
  }

  #clear(level: number, bit: number): void {
    this.#words[level + (bit >>> 5)]! &= ~(1 << (bit & 31));
  }
}

/** The position of the lowest one in a word that is not zero. */
export function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}

export function bitCount(word: number): number {
  let n = word - ((word >>> 1) & 0x5555_5555);
  n = (n & 0x3333_3333) + ((n >>> 2) & 0x3333_3333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}
