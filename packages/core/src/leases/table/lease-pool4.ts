/** Where the search for an address in a pool stands. Holds no lease: which addresses are free is asked of the table's sets. */
import type { Ipv4 } from "../../ip/ipv4.ts";
import type { PoolCursor4, PoolRange4 } from "../model/lease-store4.ts";
import { type AddressSet4, NO_ADDRESS } from "../rows/address-set4.ts";
import { lowestBit } from "../rows/bitmap.ts";
import type { Availability } from "./availability.ts";
import type { SearchedPool } from "./lease-table.ts";

export class LeasePool4 implements PoolCursor4, SearchedPool {
  readonly range: PoolRange4;
  readonly #leased: AddressSet4;
  readonly #given: readonly AddressSet4[];
  /** The excluded addresses, one bit each, from the multiple of 32 at or below the first address. */
  readonly #excluded: Int32Array | undefined;
  #next: Ipv4;

  /**
   * The pool looks at the sets when it is asked.
   * @param leased every address with a lease of any state
   * @param given those of each availability
   */
  constructor(range: PoolRange4, leased: AddressSet4, given: readonly AddressSet4[]) {
    this.range = range;
    this.#leased = leased;
    this.#given = given;
    this.#next = range.first;
    if (range.excluded.length === 0) return;
    const excluded = new Int32Array((range.last >>> 5) - (range.first >>> 5) + 1);
    for (const address of range.excluded) {
      if (address < range.first || address > range.last) continue;
      excluded[(address >>> 5) - (range.first >>> 5)]! |= 1 << (address & 31);
    }
    this.#excluded = excluded;
  }

  get hasUnused(): boolean {
    return this.findFree(this.#next) !== undefined;
  }

  get held(): number {
    const { first, last } = this.range;
    return this.#given.reduce((held, set) => held - set.count(first, last), this.#leased.count(first, last));
  }

  begin(start: number | undefined): Ipv4 {
    const { first, last } = this.range;
    return start === undefined ? this.#next : first + Math.floor(start * (last - first + 1));
  }

  findFree(begin: Ipv4): Ipv4 | undefined {
    return this.#findAround(this.#leased, true, begin);
  }

  findLeased(availability: Availability, begin: Ipv4): Ipv4 | undefined {
    const set = this.#given[availability]!;
    return set.size === 0 ? undefined : this.#findAround(set, false, begin);
  }

  next(address: Ipv4): Ipv4 {
    return address === this.range.last ? this.range.first : address + 1;
  }

  leaveBehind(address: Ipv4): void {
    this.#next = this.next(address);
  }

  #findAround(set: AddressSet4, absent: boolean, begin: Ipv4): Ipv4 | undefined {
    const { first, last } = this.range;
    const found = this.#find(set, absent, begin, last);
    if (found !== undefined || begin === first) return found;
    return this.#find(set, absent, first, begin - 1);
  }

  #find(set: AddressSet4, absent: boolean, from: Ipv4, to: Ipv4): Ipv4 | undefined {
    for (let address: number = from; address <= to; ) {
      address = absent ? set.nextAbsent(address) : set.next(address);
      if (address > to) return undefined;
      if (this.#excluded === undefined) return address;
      // All 32 addresses of a word at once: a long row of reserved addresses costs next to nothing.
      const excluded = this.#excluded[(address >>> 5) - (this.range.first >>> 5)]!;
      const members = absent ? ~set.word(address) : set.word(address);
      const wanted = members & ~excluded & (-1 << (address & 31));
      const word = address - (address & 31);
      if (wanted !== 0) {
        const wantedAddress = word + lowestBit(wanted);
        return wantedAddress > to ? undefined : wantedAddress;
      }
      address = Math.min(word + 32, NO_ADDRESS);
    }
    return undefined;
  }
}
