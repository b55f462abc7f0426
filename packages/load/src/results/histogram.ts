/** Delays in buckets that grow with them: each percentile is right to 1.6 %, and a delay costs a few instructions. */

/** Buckets of one width; beyond twice as many the width doubles again and again. */
const SAME_WIDTH = 64;
const WIDTH_BITS = 6;
/** For all that 31 bits can say. */
const BUCKETS = (31 - WIDTH_BITS + 1) * SAME_WIDTH;
const LONGEST = 0x7fff_ffff;

/** Delays are milliseconds. */
export class Histogram {
  count = 0;
  min = Number.POSITIVE_INFINITY;
  max = 0;
  readonly #buckets = new Uint32Array(BUCKETS);
  #sum = 0;

  add(delay: number): void {
    const micros = Math.min(LONGEST, Math.max(0, Math.round(1000 * delay)));
    this.#buckets[bucketOf(micros)]!++;
    this.count++;
    this.#sum += delay;
    if (delay < this.min) this.min = delay;
    if (delay > this.max) this.max = delay;
  }

  /** NaN where there is none. */
  get mean(): number {
    return this.#sum / this.count;
  }

  /** The delay that this share of all does not exceed, e.g. 0.99; NaN where there is none. */
  percentile(share: number): number {
    const rank = Math.max(1, Math.ceil(share * this.count));
    let seen = 0;
    for (let i = 0; i < BUCKETS; i++) {
      seen += this.#buckets[i]!;
      if (seen >= rank) return Math.min(this.max, Math.max(this.min, middleOf(i) / 1000));
    }
    return Number.NaN;
  }

  clear(): void {
    this.#buckets.fill(0);
    this.count = 0;
    this.#sum = 0;
    this.min = Number.POSITIVE_INFINITY;
    this.max = 0;
  }
}

/** The bits that all numbers of a bucket have in common: seven at most. */
function bucketOf(micros: number): number {
  const shift = Math.max(0, 31 - WIDTH_BITS - Math.clz32(micros));
  return shift * SAME_WIDTH + (micros >> shift);
}

function middleOf(bucket: number): number {
  const shift = Math.max(0, Math.floor(bucket / SAME_WIDTH) - 1);
  return (bucket - shift * SAME_WIDTH + (shift === 0 ? 0 : 0.5)) * 2 ** shift;
}
