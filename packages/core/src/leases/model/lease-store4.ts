/** What the DHCPv4 server asks of a lease back-end: what `lease-store.ts` says of both families, and how leases are looked up. */
import type { Seconds } from "../../base/clock.ts";
import type { Ipv4 } from "../../ip/ipv4.ts";
import type { Found, LeaseBatch, LeaseStore } from "./lease-store.ts";
import type { Lease4 } from "./lease4.ts";

/** An inclusive range of addresses that a subnet hands out, and the addresses in it that it never does. */
export interface PoolRange4 {
  readonly first: Ipv4;
  readonly last: Ipv4;
  /** Addresses inside the range that belong to reservations; ascending. */
  readonly excluded: readonly Ipv4[];
}

/**
 * Where to look next in a pool; one a pool and configuration, given by `LeaseStore4.openPool`. `iterative` goes on behind the
 * last address given, `random` begins anywhere. Looking moves nothing: who looks again before anything is given finds the same.
 */
export interface PoolCursor4 {
  readonly range: PoolRange4;
  /** What `available` has found is given: the next look goes on behind it. */
  leaveBehind(address: Ipv4): void;
  /** Whether `available` would give one that has no lease at all, not even one that is over. */
  readonly hasUnused: boolean;
}

/** The leases as one batch of packets sees them, its own changes and those of batches before it included. */
export interface LeaseView4 {
  byAddress(address: Ipv4): Lease4 | undefined;
  /**
   * The leases of a hardware address in every subnet, the one that came last first, and no more than the last
   * `CLIENT_LEASES`. An empty identifier is nobody's.
   */
  byHwaddr(hwaddr: Uint8Array): readonly Lease4[];
  /** As `byHwaddr`. */
  byClientId(clientId: Uint8Array): readonly Lease4[];
  /**
   * An address of the pool that may be given: one that was never used first, else one whose lease is reclaimed or has
   * expired, else one that is only on offer to somebody. Costs the same in an empty and in an almost full pool. Does
   * not take the address: `put` does.
   * @param start a number in [0, 1): where in the pool to begin; `undefined` goes on behind what was left behind last
   */
  available(pool: PoolCursor4, now: Seconds, start?: number): Ipv4 | undefined;
}

export interface LeaseBatch4 extends LeaseView4, LeaseBatch<Lease4> {
  remove(address: Ipv4): void;
}

export interface LeaseStore4 extends LeaseStore<Lease4, LeaseBatch4> {
  /** The same cost however many leases there are. A pool need not be closed. */
  openPool(range: PoolRange4): PoolCursor4;
  /** Up to `limit` leases with addresses above `after` (-1 for all), ascending; those on offer left out. */
  page(after: number, limit: number): Found<Lease4>;
}
