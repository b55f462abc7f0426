/** What the DHCPv4 server asks of a lease back-end: what `lease-store.ts` says of both families, and how leases are looked up. */
import type { Seconds } from "../../base/clock.ts";
import type { Ipv4 } from "../../ip/ipv4.ts";
import type { LeaseLimit, LimitView } from "./lease-limit.ts";
import type { Found, LeaseBatch, LeaseMark, LeaseStore } from "./lease-store.ts";
import type { Lease4 } from "./lease4.ts";
import type { Sought } from "./sought.ts";

/** A range of addresses that a subnet hands out, both ends included, and the addresses in it that are never handed out. */
export interface PoolRange4 {
  readonly first: Ipv4;
  readonly last: Ipv4;
  /** Addresses inside the range that are reserved, in ascending order. */
  readonly excluded: readonly Ipv4[];
}

/**
 * Where to look next in a pool. `LeaseStore4.openPool` makes one for each pool of a configuration. `iterative` goes on behind
 * the last address given, `random` begins anywhere. A look moves nothing: a second look before anything is given finds the
 * same.
 */
export interface PoolCursor4 {
  readonly range: PoolRange4;
  /** The address that `available` has found has been given: the next look goes on behind it. */
  leaveBehind(address: Ipv4): void;
  /** Whether `available` would give an address that has no lease at all, not even one that is over. */
  readonly hasUnused: boolean;
}

/** The leases as one batch of packets sees them, with its own changes and those of earlier batches. */
export interface LeaseView4 extends LimitView<Lease4> {
  byAddress(address: Ipv4): Lease4 | undefined;
  /**
   * The leases of a hardware address in all subnets, the latest first, at most `CLIENT_LEASES`. Nobody has the empty
   * identifier.
   */
  byHwaddr(hwaddr: Uint8Array): readonly Lease4[];
  /** As `byHwaddr`. */
  byClientId(clientId: Uint8Array): readonly Lease4[];
  /**
   * An address of the pool that may be given: preferably one that was never used, else one whose lease is reclaimed or has
   * expired, else one that is only on offer. The cost is the same in an empty and in an almost full pool. `put` takes the
   * address, this does not.
   * @param start a number in [0, 1): where in the pool to begin; `undefined` goes on behind the address given last
   */
  available(pool: PoolCursor4, now: Seconds, start?: number): Ipv4 | undefined;
  /**
   * What `available` gives, then what it would give if that were taken, and so on, each once. It is valid until a lease
   * changes.
   */
  candidates(pool: PoolCursor4, now: Seconds, start?: number): IterableIterator<Ipv4, undefined>;
  /**
   * How many addresses of the pools are held. Where servers share the leases it is as many as `counted` counts, by the tables
   * of statistics.
   */
  held(pools: readonly PoolCursor4[], counted: LeaseLimit, now: Seconds): number;
}

export interface LeaseBatch4 extends LeaseView4, LeaseBatch<Lease4> {
  remove(address: Ipv4): void;
}

export interface LeaseStore4 extends LeaseStore<Lease4, LeaseBatch4> {
  /** The cost does not depend on the number of leases. A pool need not be closed. */
  openPool(range: PoolRange4): PoolCursor4;
  /**
   * Up to `limit` leases with addresses above `after` (-1 for all), in ascending order, without offers.
   * @param sought leases that do not have it may be left out
   */
  page(after: number, limit: number, sought?: Sought): Found<Lease4>;
  /**
   * As `page`, those that have the mark. Absent where all leases are in memory: who often wants them so has an index of their own.
   */
  marked?(mark: LeaseMark, after: Ipv4 | undefined, limit: number): Promise<readonly Lease4[]>;
}
