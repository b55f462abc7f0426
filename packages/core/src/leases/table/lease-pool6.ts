/** Where the search for an address or a prefix in a pool stands. Holds no lease: they are looked up in the order of all. */
import { type Ipv6Key, UNSPECIFIED } from "../../ip/ipv6-key.ts";
import { indexIn, memberAt } from "../../ip/ipv6-range.ts";
import type { PoolCursor6, PoolRange6 } from "../model/lease-store6.ts";
import type { Availability } from "./availability.ts";
import type { LeaseOrder6 } from "./lease-order6.ts";
import type { SearchedPool } from "./lease-table.ts";

/** So many prefixes of other lengths are passed over in one search. What is behind them is found by the next one. */
const CROSSINGS = 64;

/** Members are numbers here: their index in the range. Of a range with more than 2^53 the others are never given. */
export class LeasePool6 implements PoolCursor6, SearchedPool {
  readonly range: PoolRange6;
  readonly #order: LeaseOrder6;
  readonly #last: number;
  /** Excluded members, ascending, and for each of them the first member behind it that is not excluded. */
  readonly #excluded: Float64Array;
  readonly #passed: Float64Array;
  #next = 0;
  /** `LeaseOrder6.removals` when every member had a lease or was excluded. */
  #fullAt = -1;
  /** The member that was asked for last, and its address: a search begins where one has ended. */
  #member = -1;
  #address: Ipv6Key = UNSPECIFIED;
  readonly #crossed: ((address: Ipv6Key) => number) | undefined;
  #crossings = 0;
  /** Behind the last one that was passed over so. */
  #reached = 0;

  /**
   * @param crossed how many members from this one on are, all or in part, in a leased prefix of another length; 0 for a
   *   member that may be given. Addresses have no other lengths
   */
  constructor(range: PoolRange6, order: LeaseOrder6, crossed?: (address: Ipv6Key) => number) {
    this.range = range;
    this.#order = order;
    this.#crossed = crossed;
    this.#last = Math.min(range.range.size - 1, Number.MAX_SAFE_INTEGER);
    const excluded = range.excluded.map((key) => indexIn(range.range, key)).filter((index) => index !== undefined);
    this.#excluded = Float64Array.from(excluded).sort();
    this.#passed = this.#excluded.map((index) => index + 1);
    for (let i = this.#passed.length - 2; i >= 0; i--) {
      if (this.#excluded[i + 1]! <= this.#passed[i]!) this.#passed[i] = this.#passed[i + 1]!;
    }
  }

  get hasUnused(): boolean {
    return this.findFree(this.#next) !== undefined;
  }

  get held(): number {
    const { first, last } = this.range.range;
    return this.#order.countHeld(first, last);
  }

  addressOf(member: number): Ipv6Key {
    if (member !== this.#member) {
      this.#address = memberAt(this.range.range, member);
      this.#member = member;
    }
    return this.#address;
  }

  begin(start: number | undefined): number {
    return start === undefined ? this.#next : Math.floor(start * (this.#last + 1));
  }

  findFree(begin: number): number | undefined {
    if (this.#fullAt === this.#order.removals) return undefined;
    const found = this.#findAround(begin, undefined);
    if (found === undefined && this.#crossings === 0) this.#fullAt = this.#order.removals;
    return found;
  }

  findLeased(availability: Availability, begin: number): number | undefined {
    return this.#findAround(begin, availability);
  }

  next(member: number): number {
    return member === this.#last ? 0 : member + 1;
  }

  leaveBehind(address: Ipv6Key): void {
    const member = indexIn(this.range.range, address);
    if (member !== undefined) this.#next = this.next(member);
  }

  /** @param availability of the lease; `undefined` for a member without one */
  #findAround(begin: number, availability: Availability | undefined): number | undefined {
    this.#crossings = 0;
    const found = this.#find(begin, this.#last, availability) ?? this.#find(0, begin - 1, availability);
    // It has given up, and what it has passed cannot be given.
    if (this.#crossings === CROSSINGS && begin === this.#next) this.#next = this.#reached;
    return found;
  }

  #find(first: number, last: number, availability: Availability | undefined): number | undefined {
    let from = first;
    while (from <= last && this.#crossings < CROSSINGS) {
      const address = this.addressOf(from);
      const member =
        from +
        (availability === undefined
          ? this.#order.distanceToFree(address)
          : this.#order.distanceToGiven(availability, address));
      if (member > last) return undefined;
      from = this.#behindExcluded(member);
      if (from > member) continue;
      const crossed = this.#crossed?.(this.addressOf(member)) ?? 0;
      if (crossed === 0) return member;
      from += crossed;
      this.#crossings++;
      this.#reached = Math.min(from, this.#last);
    }
    return undefined;
  }

  /** The member itself, or the first one behind it that is not excluded. */
  #behindExcluded(member: number): number {
    let low = 0;
    let high = this.#excluded.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const excluded = this.#excluded[middle]!;
      if (excluded === member) return this.#passed[middle]!;
      if (excluded < member) low = middle + 1;
      else high = middle - 1;
    }
    return member;
  }
}
