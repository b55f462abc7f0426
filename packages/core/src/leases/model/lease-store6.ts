/** What the DHCPv6 server asks of a lease back-end: what `lease-store.ts` says of both families, and two kinds of lease. */
import type { Seconds } from "../../base/clock.ts";
import type { Ipv6Key } from "../../ip/ipv6-key.ts";
import type { Ipv6Range } from "../../ip/ipv6-range.ts";
import type { Found, LeaseBatch, LeaseStore } from "./lease-store.ts";
import type { Lease6, LeaseType6 } from "./lease6.ts";

export interface PoolRange6 {
  readonly type: LeaseType6;
  readonly range: Ipv6Range;
  /** Members that belong to reservations; ascending. */
  readonly excluded: readonly Ipv6Key[];
}

/** As `PoolCursor4`. */
export interface PoolCursor6 {
  readonly range: PoolRange6;
  leaveBehind(address: Ipv6Key): void;
  /** Whether `available` would give one that has no lease at all, not even one that is over. */
  readonly hasUnused: boolean;
}

export interface LeaseView6 {
  byAddress(type: LeaseType6, address: Ipv6Key): Lease6 | undefined;
  /** The leases of a client in every subnet, of every association: as `LeaseView4.byHwaddr`. */
  byDuid(duid: Uint8Array): readonly Lease6[];
  /**
   * Whether a prefix of another length that somebody has, or that is on offer, shares addresses with this one: only
   * after the lengths in the configuration have changed, or where reservations have their own. `available` gives none.
   * @param spared prefixes that do not count, by their addresses
   */
  isCrossed(prefix: Ipv6Key, length: number, spared?: ReadonlySet<Ipv6Key>): boolean;
  /** As `LeaseView4.available`; costs the same in an empty and in an almost full pool, whatever the pool's size. */
  available(pool: PoolCursor6, now: Seconds, start?: number): Ipv6Key | undefined;
  /**
   * What `available` gives, then what it would give if that were taken, and so on: each once, for as long as no lease
   * changes.
   */
  candidates(pool: PoolCursor6, now: Seconds, start?: number): Iterator<Ipv6Key, undefined>;
}

export interface LeaseBatch6 extends LeaseView6, LeaseBatch<Lease6> {
  remove(type: LeaseType6, address: Ipv6Key): void;
}

export interface LeaseStore6 extends LeaseStore<Lease6, LeaseBatch6> {
  openPool(range: PoolRange6): PoolCursor6;
  /**
   * Up to `limit` leases of a type with addresses above `after`, ascending, those on offer left out; from the first when
   * it is `undefined`.
   */
  page(type: LeaseType6, after: Ipv6Key | undefined, limit: number): Found<Lease6>;
}
