/** DHCPv4 leases in a database that several servers share. */
import { latin1 } from "../../base/bytes.ts";
import type { Clock, Seconds } from "../../base/clock.ts";
import { formatIpv4, type Ipv4 } from "../../ip/ipv4.ts";
import { lease4Csv } from "../csv/lease4-csv.ts";
import type { LeaseLimit } from "../model/lease-limit.ts";
import type { LeaseMark } from "../model/lease-store.ts";
import type { LeaseBatch4, LeaseStore4, PoolCursor4, PoolRange4 } from "../model/lease-store4.ts";
import type { Lease4 } from "../model/lease4.ts";
import type { LeaseDatabase } from "./lease-database.ts";
import { SharedPool } from "./pool/shared-pool.ts";
import { SharedBatch } from "./shared-batch.ts";
import type { SharedFamily } from "./shared-family.ts";
import { SharedStore } from "./shared-store.ts";

export type LeaseDatabase4 = LeaseDatabase<Lease4, Ipv4, PoolRange4>;

/** What leads a client's identifier: what kind of identifier it is. */
export const IdentifierKind4 = { hwaddr: "\0", clientId: "\x01" } as const;

const NO_LEASES: readonly Lease4[] = [];

export const family4: SharedFamily<Lease4, Ipv4> = {
  rules: lease4Csv.rules,
  keyOf: ({ address }) => address,
  identifiersOf({ hwaddr, clientId }) {
    const identifiers = hwaddr.length === 0 ? [] : [IdentifierKind4.hwaddr + latin1(hwaddr)];
    if (clientId !== undefined) identifiers.push(IdentifierKind4.clientId + latin1(clientId));
    return identifiers;
  },
  claimOf(lease) {
    const identifier = family4.identifiersOf(lease).at(-1);
    return identifier === undefined ? undefined : { identifier, address: formatIpv4(lease.address) };
  },
  purposeOf: () => 0,
};

class SharedPool4 extends SharedPool<Lease4, Ipv4, PoolRange4> implements PoolCursor4 {
  constructor(range: PoolRange4) {
    const { first, last } = range;
    const excluded = new Set(range.excluded);
    super(range, {
      size: last - first + 1,
      searched: 65_536,
      at: (index) => first + index,
      indexOf: (address) => (address < first || address > last ? undefined : address - first),
      isExcluded: (address) => excluded.has(address),
    });
  }
}

class SharedBatch4 extends SharedBatch<Lease4, Ipv4, PoolRange4> implements LeaseBatch4 {
  byAddress(address: Ipv4): Lease4 | undefined {
    return this.view.at(address);
  }

  byHwaddr(hwaddr: Uint8Array): readonly Lease4[] {
    return hwaddr.length === 0 ? NO_LEASES : this.view.ofClient(IdentifierKind4.hwaddr + latin1(hwaddr));
  }

  byClientId(clientId: Uint8Array): readonly Lease4[] {
    return clientId.length === 0 ? NO_LEASES : this.view.ofClient(IdentifierKind4.clientId + latin1(clientId));
  }

  available(pool: PoolCursor4, now: Seconds, start?: number): Ipv4 | undefined {
    return this.view.availableIn(pool as SharedPool4, now, start);
  }

  candidates(pool: PoolCursor4, now: Seconds, start?: number): Generator<Ipv4, undefined> {
    return this.view.candidatesIn(pool as SharedPool4, now, start);
  }

  held(_: readonly PoolCursor4[], counted: LeaseLimit): number {
    return this.view.count(counted);
  }

  remove(address: Ipv4): void {
    this.removeAt(address);
  }
}

export class SharedStore4 extends SharedStore<Lease4, Ipv4, PoolRange4> implements LeaseStore4 {
  /** @param random as `SharedStore` */
  constructor(database: LeaseDatabase4, clock: Pick<Clock, "wall">, random: () => number = Math.random) {
    super(family4, database, clock, random);
  }

  begin(): LeaseBatch4 {
    return new SharedBatch4(this.owner);
  }

  openPool(range: PoolRange4): PoolCursor4 {
    return new SharedPool4(range);
  }

  page(after: number, limit: number): Promise<readonly Lease4[]> {
    return this.database.page(after < 0 ? undefined : after, limit);
  }

  marked(mark: LeaseMark, after: Ipv4 | undefined, limit: number): Promise<readonly Lease4[]> {
    return this.database.marked(mark, after, limit);
  }
}
