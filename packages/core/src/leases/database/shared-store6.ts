/** DHCPv6 leases in a database that several servers share. */
import { latin1 } from "../../base/bytes.ts";
import type { Clock, Seconds } from "../../base/clock.ts";
import { formatIpv6Key, type Ipv6Key, isInPrefix } from "../../ip/ipv6-key.ts";
import { indexIn, isInRange, memberAt } from "../../ip/ipv6-range.ts";
import { lease6Csv } from "../csv/lease6-csv.ts";
import type { LeaseLimit } from "../model/lease-limit.ts";
import type { LeaseMark } from "../model/lease-store.ts";
import type { LeaseBatch6, LeaseStore6, PoolCursor6, PoolRange6 } from "../model/lease-store6.ts";
import { type Lease6, LeaseType6 } from "../model/lease6.ts";
import type { LeaseDatabase } from "./lease-database.ts";
import { SharedPool } from "./pool/shared-pool.ts";
import { SharedBatch } from "./shared-batch.ts";
import type { SharedFamily } from "./shared-family.ts";
import type { SharedOwner } from "./shared-owner.ts";
import { SharedStore } from "./shared-store.ts";

/** The type of lease, one character, and the address. */
export type Key6 = string & { readonly Key6: true };

export type LeaseDatabase6 = LeaseDatabase<Lease6, Key6, PoolRange6>;

const NO_LEASES: readonly Lease6[] = [];
/** So many prefixes that are crossed are passed over in one search. */
const CROSSINGS = 64;
/** What leads a client's identifier: there is only one kind. */
const DUID = "\0";

export function toKey6(type: LeaseType6, address: Ipv6Key): Key6 {
  return (String.fromCharCode(type) + address) as Key6;
}

export function addressOfKey6(key: Key6): Ipv6Key {
  return key.slice(1) as Ipv6Key;
}

export const family6: SharedFamily<Lease6, Key6> = {
  rules: lease6Csv.rules,
  keyOf: ({ type, address }) => toKey6(type, address),
  identifiersOf: ({ duid }) => (duid.length === 0 ? [] : [DUID + latin1(duid)]),
  claimOf(lease) {
    const [identifier] = family6.identifiersOf(lease);
    const address = `${formatIpv6Key(lease.address)}/${lease.prefixLength}`;
    return identifier === undefined ? undefined : { identifier, address };
  },
  // RFC 8415 §4.2: an identity association.
  purposeOf: ({ type, iaid }) => type * 2 ** 32 + iaid,
};

class SharedPool6 extends SharedPool<Lease6, Key6, PoolRange6> implements PoolCursor6 {
  constructor(pool: PoolRange6) {
    const { type, range } = pool;
    const excluded = new Set(pool.excluded.map((address) => toKey6(type, address)));
    super(pool, {
      size: Math.min(range.size, Number.MAX_SAFE_INTEGER),
      // The rows come to us: no database counts in addresses.
      searched: 16_384,
      at: (index) => toKey6(type, memberAt(range, index)),
      indexOf: (key) => (key.charCodeAt(0) === type ? indexIn(range, addressOfKey6(key)) : undefined),
      isExcluded: (key) => excluded.has(key),
    });
  }
}

class SharedBatch6 extends SharedBatch<Lease6, Key6, PoolRange6> implements LeaseBatch6 {
  readonly #database: LeaseDatabase6;

  constructor(owner: SharedOwner<Lease6, Key6, PoolRange6>, database: LeaseDatabase6) {
    super(owner);
    this.#database = database;
  }

  get keepsRegistered(): boolean {
    return this.#database.keepsRegistered;
  }

  byAddress(type: LeaseType6, address: Ipv6Key): Lease6 | undefined {
    return this.view.at(toKey6(type, address));
  }

  byDuid(duid: Uint8Array): readonly Lease6[] {
    return duid.length === 0 ? NO_LEASES : this.view.ofClient(DUID + latin1(duid));
  }

  isCrossed(prefix: Ipv6Key, length: number, spared?: ReadonlySet<Ipv6Key>): boolean {
    const range = { first: prefix, last: prefix, length, size: 1 };
    const crossing = this.view.crossing(
      `${prefix}/${length}`,
      { type: LeaseType6.prefix, range, excluded: [] },
      ({ type, address, prefixLength }) =>
        type === LeaseType6.prefix &&
        prefixLength !== length &&
        (isInPrefix(address, prefix, length) || isInPrefix(prefix, address, prefixLength)),
    );
    return crossing.some(({ address }) => spared?.has(address) !== true);
  }

  available(cursor: PoolCursor6, now: Seconds, start?: number): Ipv6Key | undefined {
    return this.candidates(cursor, now, start).next().value;
  }

  *candidates(cursor: PoolCursor6, now: Seconds, start?: number): Generator<Ipv6Key, undefined> {
    const pool = cursor as SharedPool6;
    const mayBeCrossed = pool.range.type === LeaseType6.prefix && this.#hasOtherLengths(pool.range);
    let crossings = 0;
    for (const key of this.view.candidatesIn(pool, now, start)) {
      const { missed } = this;
      const address = addressOfKey6(key);
      if (!mayBeCrossed || !this.isCrossed(address, pool.range.range.length) || this.missed > missed) {
        yield address;
        continue;
      }
      // Until the pool comes round to it again.
      pool.drop(key);
      if (++crossings === CROSSINGS) break;
    }
    return undefined;
  }

  /** Whether there are prefixes of other lengths in the pool, so that each prefix has to be looked at by itself. */
  #hasOtherLengths(pool: PoolRange6): boolean {
    const { first, last, length } = pool.range;
    const crossing = this.view.crossing(
      `${first}-${last}/${length}`,
      pool,
      ({ type, address, prefixLength }) =>
        type === LeaseType6.prefix &&
        prefixLength !== length &&
        (isInRange(pool.range, address) || isInPrefix(first, address, prefixLength)),
    );
    return crossing.length > 0;
  }

  held(_: readonly PoolCursor6[], counted: LeaseLimit): number {
    return this.view.count(counted);
  }

  remove(type: LeaseType6, address: Ipv6Key): void {
    this.removeAt(toKey6(type, address));
  }
}

export class SharedStore6 extends SharedStore<Lease6, Key6, PoolRange6> implements LeaseStore6 {
  /** @param random as `SharedStore` */
  constructor(database: LeaseDatabase6, clock: Pick<Clock, "wall">, random: () => number = Math.random) {
    super(family6, database, clock, random);
  }

  begin(): LeaseBatch6 {
    return new SharedBatch6(this.owner, this.database);
  }

  openPool(range: PoolRange6): PoolCursor6 {
    return new SharedPool6(range);
  }

  page(type: LeaseType6, after: Ipv6Key | undefined, limit: number): Promise<readonly Lease6[]> {
    return this.database.page(after === undefined ? undefined : toKey6(type, after), limit, type);
  }

  marked(mark: LeaseMark, after: Ipv6Key | undefined, limit: number): Promise<readonly Lease6[]> {
    // Only its address counts.
    const key = after && toKey6(LeaseType6.address, after);
    return this.database.marked(mark, key, limit);
  }
}
