/** What the DHCPv6 server asks of a lease back-end: as `lease-store.ts`, with two kinds of lease. */
import type { Seconds } from "../base/clock.ts";
import type { Ipv6Key } from "../ip/ipv6-key.ts";
import type { Ipv6Range } from "../ip/ipv6-range.ts";
import type { CommitResult } from "./lease-store.ts";
import type { Lease6, LeaseType6 } from "./lease6.ts";

export interface PoolRange6 {
  readonly type: LeaseType6;
  readonly range: Ipv6Range;
  /** Members that belong to reservations; ascending. */
  readonly excluded: readonly Ipv6Key[];
}

/** Where to look next in a pool; opaque. */
export interface PoolCursor6 {
  readonly range: PoolRange6;
}

export interface LeaseView6 {
  byAddress(type: LeaseType6, address: Ipv6Key): Lease6 | undefined;
  /** The leases of a client in every subnet, of every association: as `LeaseView.byHwaddr`, the last 64. */
  byDuid(duid: Uint8Array): readonly Lease6[];
  /** As `LeaseView.available`; costs the same in an empty and in an almost full pool, whatever the pool's size. */
  available(pool: PoolCursor6, now: Seconds, start?: number): Ipv6Key | undefined;
}

export interface LeaseBatch6 extends LeaseView6 {
  put(lease: Lease6): void;
  remove(type: LeaseType6, address: Ipv6Key): void;
  commit(): Promise<CommitResult>;
}

export interface LeaseStore6 {
  begin(): LeaseBatch6;
  openPool(range: PoolRange6): PoolCursor6;
  expired(now: Seconds, limit: number): readonly Lease6[];
  forgettable(now: Seconds, holdReclaimed: Seconds, limit: number): readonly Lease6[];
  /** Up to `limit` leases of a type with addresses above `after`, ascending; from the first when it is `undefined`. */
  page(type: LeaseType6, after: Ipv6Key | undefined, limit: number): readonly Lease6[];
  readonly count: number;
  shift(seconds: Seconds): void;
  close(): Promise<void>;
}
