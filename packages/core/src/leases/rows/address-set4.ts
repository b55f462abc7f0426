/** A set of IPv4 addresses that finds the next member, or the next address that is none, at the same cost full or empty. */
import type { Ipv4 } from "../../ip/ipv4.ts";
import { BITMAP_SIZE, Bitmap } from "./bitmap.ts";

/** One above the highest address: what the searches return when there is nothing more. */
export const NO_ADDRESS = 0x1_0000_0000;

/** A bitmap for each /16 that ever had a member, and two that say which of them have one and which are full. */
export class AddressSet4 {
  readonly #chunks = new Map<number, Bitmap>();
  readonly #any = new Bitmap();
  readonly #full = new Bitmap();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(address: Ipv4): boolean {
    return this.#chunks.get(address >>> 16)?.has(address & 0xffff) ?? false;
  }

  add(address: Ipv4): void {
    let chunk = this.#chunks.get(address >>> 16);
    if (chunk === undefined) {
      chunk = new Bitmap();
      this.#chunks.set(address >>> 16, chunk);
    }
    this.#size -= chunk.size;
    chunk.add(address & 0xffff);
    this.#size += chunk.size;
    this.#any.add(address >>> 16);
    if (chunk.size === BITMAP_SIZE) this.#full.add(address >>> 16);
  }

  delete(address: Ipv4): void {
    const chunk = this.#chunks.get(address >>> 16);
    if (chunk === undefined) return;
    this.#size -= chunk.size;
    chunk.delete(address & 0xffff);
    this.#size += chunk.size;
    this.#full.delete(address >>> 16);
    // The empty bitmap stays: the next client of that network would ask for it again at once.
    if (chunk.size === 0) this.#any.delete(address >>> 16);
  }

  /** The lowest member not below `from`, or `NO_ADDRESS`. */
  next(from: number): number {
    if (from >= NO_ADDRESS) return NO_ADDRESS;
    const found = this.#chunks.get(from >>> 16)?.next(from & 0xffff) ?? BITMAP_SIZE;
    if (found < BITMAP_SIZE) return (from >>> 16) * BITMAP_SIZE + found;
    const chunk = this.#any.next((from >>> 16) + 1);
    return chunk === BITMAP_SIZE ? NO_ADDRESS : chunk * BITMAP_SIZE + this.#chunks.get(chunk)!.next(0);
  }

  /** The lowest address not below `from` that is no member, or `NO_ADDRESS`. */
  nextAbsent(from: number): number {
    if (from >= NO_ADDRESS) return NO_ADDRESS;
    const found = this.#chunks.get(from >>> 16)?.nextAbsent(from & 0xffff) ?? from & 0xffff;
    if (found < BITMAP_SIZE) return (from >>> 16) * BITMAP_SIZE + found;
    const chunk = this.#full.nextAbsent((from >>> 16) + 1);
    return chunk === BITMAP_SIZE ? NO_ADDRESS : chunk * BITMAP_SIZE + (this.#chunks.get(chunk)?.nextAbsent(0) ?? 0);
  }

  /** Which of the 32 addresses around `address` are members; the lowest bit is the lowest address. */
  word(address: Ipv4): number {
    return this.#chunks.get(address >>> 16)?.word(address & 0xffff) ?? 0;
  }

  /** How many members lie between `first` and `last`, both included. */
  count(first: Ipv4, last: Ipv4): number {
    let sum = 0;
    for (let chunk = first >>> 16; chunk <= last >>> 16; chunk++) {
      const low = chunk === first >>> 16 ? first & 0xffff : 0;
      const high = chunk === last >>> 16 ? last & 0xffff : BITMAP_SIZE - 1;
      sum += this.#chunks.get(chunk)?.count(low, high) ?? 0;
    }
    return sum;
  }
}
