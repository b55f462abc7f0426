/** Kea's `memfile` of the DHCPv4 server: `kea-leases4.csv`. */
import type { Seconds } from "../../base/clock.ts";
import type { Ipv4 } from "../../ip/ipv4.ts";
import { lease4Csv } from "../csv/lease4-csv.ts";
import type { LeaseLimit } from "../model/lease-limit.ts";
import type { LeaseBatch4, LeaseStore4, PoolCursor4, PoolRange4 } from "../model/lease-store4.ts";
import type { Lease4 } from "../model/lease4.ts";
import type { Sought } from "../model/sought.ts";
import { LeaseTable4 } from "../table/lease-table4.ts";
import { checkAgentInfo } from "../user-context/extended-info.ts";
import { Memfile, type MemfileOptions, openLeaseFiles } from "./memfile.ts";
import { type BatchOwner, MemfileBatch } from "./memfile-batch.ts";

export class Memfile4 extends Memfile<Lease4, LeaseTable4> implements LeaseStore4 {
  /** @throws StorageError when the files are in use, foreign, or have too many bad rows; else the disk's own error */
  static async open(options: MemfileOptions<Ipv4>): Promise<Memfile4> {
    const { mode, subnetIdOf } = options.subnetCheck;
    const subnetCheck = { mode, subnetIdOf: ({ address }: Lease4) => subnetIdOf(address) };
    const table = new LeaseTable4(options.clock.wall());
    return new Memfile4(await openLeaseFiles({ ...options, subnetCheck }, lease4Csv, table, checkAgentInfo));
  }

  /**
   * Changes show in the table at once. A batch that is not committed when the next one makes its first change is
   * undone: its own commit fails.
   */
  begin(): LeaseBatch4 {
    return new MemfileBatch4(this.batchOwner, this.table);
  }

  openPool(range: PoolRange4): PoolCursor4 {
    return this.table.openPool(range);
  }

  page(after: number, limit: number, sought?: Sought): readonly Lease4[] {
    return this.table.page(after, limit, sought);
  }
}

class MemfileBatch4 extends MemfileBatch<Lease4> implements LeaseBatch4 {
  readonly #table: LeaseTable4;

  constructor(owner: BatchOwner<Lease4>, table: LeaseTable4) {
    super(owner);
    this.#table = table;
  }

  byAddress(address: Ipv4): Lease4 | undefined {
    return this.#table.byAddress(address);
  }

  byHwaddr(hwaddr: Uint8Array): readonly Lease4[] {
    return this.#table.byHwaddr(hwaddr);
  }

  byClientId(clientId: Uint8Array): readonly Lease4[] {
    return this.#table.byClientId(clientId);
  }

  available(pool: PoolCursor4, now: Seconds, start?: number): Ipv4 | undefined {
    return this.#table.available(pool, now, start);
  }

  candidates(pool: PoolCursor4, now: Seconds, start?: number): IterableIterator<Ipv4, undefined> {
    return this.#table.candidates(pool, now, start);
  }

  held(pools: readonly PoolCursor4[], counted: LeaseLimit, now: Seconds): number {
    return this.#table.held(pools, counted, now);
  }

  remove(address: Ipv4): void {
    this.removeFound(() => this.#table.byAddress(address));
  }
}
