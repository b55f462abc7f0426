/** Kea's `memfile` of the DHCPv6 server: `kea-leases6.csv`. */
import type { Seconds } from "../../base/clock.ts";
import type { Ipv6Key } from "../../ip/ipv6-key.ts";
import { lease6Csv } from "../csv/lease6-csv.ts";
import type { LeaseLimit } from "../model/lease-limit.ts";
import type { LeaseBatch6, LeaseStore6, PoolCursor6, PoolRange6 } from "../model/lease-store6.ts";
import { type Lease6, LeaseType6 } from "../model/lease6.ts";
import type { Sought } from "../model/sought.ts";
import { LeaseTable6 } from "../table/lease-table6.ts";
import { checkRelayInfo } from "../user-context/extended-info.ts";
import { Memfile, type MemfileOptions, openLeaseFiles } from "./memfile.ts";
import { type BatchOwner, MemfileBatch } from "./memfile-batch.ts";

export class Memfile6 extends Memfile<Lease6, LeaseTable6> implements LeaseStore6 {
  /** @throws StorageError when the files are in use, foreign, or have too many bad rows; else the disk's own error */
  static async open(options: MemfileOptions<Ipv6Key>): Promise<Memfile6> {
    const { mode, subnetIdOf } = options.subnetCheck;
    // Prefixes are routed through a link, they need not be of it.
    const expected = ({ type, address, subnetId }: Lease6) =>
      type === LeaseType6.prefix ? subnetId : subnetIdOf(address);
    const table = new LeaseTable6(options.clock.wall());
    const subnetCheck = { mode, subnetIdOf: expected };
    return new Memfile6(await openLeaseFiles({ ...options, subnetCheck }, lease6Csv, table, checkRelayInfo));
  }

  /** As `Memfile4.begin`. */
  begin(): LeaseBatch6 {
    return new MemfileBatch6(this.batchOwner, this.table);
  }

  openPool(range: PoolRange6): PoolCursor6 {
    return this.table.openPool(range);
  }

  page(type: LeaseType6, after: Ipv6Key | undefined, limit: number, sought?: Sought): readonly Lease6[] {
    return this.table.page(type, after, limit, sought);
  }
}

class MemfileBatch6 extends MemfileBatch<Lease6> implements LeaseBatch6 {
  readonly keepsRegistered = true;
  readonly #table: LeaseTable6;

  constructor(owner: BatchOwner<Lease6>, table: LeaseTable6) {
    super(owner);
    this.#table = table;
  }

  byAddress(type: LeaseType6, address: Ipv6Key): Lease6 | undefined {
    return this.#table.byAddress(type, address);
  }

  byDuid(duid: Uint8Array): readonly Lease6[] {
    return this.#table.byDuid(duid);
  }

  isCrossed(prefix: Ipv6Key, length: number, spared?: ReadonlySet<Ipv6Key>): boolean {
    return this.#table.isCrossed(prefix, length, spared);
  }

  available(pool: PoolCursor6, now: Seconds, start?: number): Ipv6Key | undefined {
    return this.#table.available(pool, now, start);
  }

  candidates(pool: PoolCursor6, now: Seconds, start?: number): IterableIterator<Ipv6Key, undefined> {
    return this.#table.candidates(pool, now, start);
  }

  held(pools: readonly PoolCursor6[], counted: LeaseLimit, now: Seconds): number {
    return this.#table.held(pools, counted, now);
  }

  remove(type: LeaseType6, address: Ipv6Key): void {
    this.removeFound(() => this.#table.byAddress(type, address));
  }
}
