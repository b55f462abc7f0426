/** What the DHCPv6 server asks of a lease back-end: what `lease-store.ts` says of both families, and two kinds of lease. */
import type { Seconds } from "../../base/clock.ts";
import type { Ipv6Key } from "../../ip/ipv6-key.ts";
import type { Ipv6Range } from "../../ip/ipv6-range.ts";
import type { LeaseLimit, LimitView } from "./lease-limit.ts";
import type { Found, LeaseBatch, LeaseMark, LeaseStore } from "./lease-store.ts";
import type { Lease6, LeaseType6 } from "./lease6.ts";
import type { Sought } from "./sought.ts";

export interface PoolRange6 {
  readonly type: LeaseType6;
  readonly range: Ipv6Range;
  /** Members that are reserved, in ascending order. */
  readonly excluded: readonly Ipv6Key[];
}

/** As `PoolCursor4`. */
export interface PoolCursor6 {
  readonly range: PoolRange6;
  leaveBehind(address: Ipv6Key): void;
  /** Whether `available` would give a member that has no lease at all, not even one that is over. */
  readonly hasUnused: boolean;
}

export interface LeaseView6 extends LimitView<Lease6> {
  /** Whether a lease may be in state registered: Kea's schemas before 29.0 do not have it. */
  readonly keepsRegistered: boolean;
  byAddress(type: LeaseType6, address: Ipv6Key): Lease6 | undefined;
  /** The leases of a client in all subnets and associations, as `LeaseView4.byHwaddr` gives them. */
  byDuid(duid: Uint8Array): readonly Lease6[];
  /**
   * Whether a prefix of another length that is held or on offer shares addresses with this one. That happens only after the
   * lengths in the configuration have changed, or if reservations have lengths of their own. `available` gives no such prefix.
   * @param spared the addresses of prefixes that do not count
   */
  isCrossed(prefix: Ipv6Key, length: number, spared?: ReadonlySet<Ipv6Key>): boolean;
  /** As `LeaseView4.available`. The cost does not depend on the pool's size. */
  available(pool: PoolCursor6, now: Seconds, start?: number): Ipv6Key | undefined;
  /** As `LeaseView4.candidates`. */
  candidates(pool: PoolCursor6, now: Seconds, start?: number): IterableIterator<Ipv6Key, undefined>;
  /** As `LeaseView4.held`. */
  held(pools: readonly PoolCursor6[], counted: LeaseLimit, now: Seconds): number;
}

export interface LeaseBatch6 extends LeaseView6, LeaseBatch<Lease6> {
  remove(type: LeaseType6, address: Ipv6Key): void;
}

export interface LeaseStore6 extends LeaseStore<Lease6, LeaseBatch6> {
  openPool(range: PoolRange6): PoolCursor6;
  /**
   * Up to `limit` leases of a type with addresses above `after`, in ascending order, without offers; from the first if
   * `after` is `undefined`.
   * @param sought leases that do not have it may be left out
   */
  page(type: LeaseType6, after: Ipv6Key | undefined, limit: number, sought?: Sought): Found<Lease6>;
  /**
   * As `page`, of any type, those that have the mark. Absent where all leases are in memory: who often wants them so has an index
   * of their own.
   */
  marked?(mark: LeaseMark, after: Ipv6Key | undefined, limit: number): Promise<readonly Lease6[]>;
}
