/** Where a search of a DHCPv6 pool finds something free: for databases that cannot count in addresses of 128 bits. */
import type { Ipv6Key } from "../../../ip/ipv6-key.ts";
import { dividePrefix, indexIn, memberAt } from "../../../ip/ipv6-range.ts";
import type { PoolRange6 } from "../../model/lease-store6.ts";
import type { Search, Span } from "../lease-database.ts";
import { addressOfKey6, type Key6, toKey6 } from "../shared-store6.ts";

export function boundsOf6({ range, excluded }: PoolRange6): {
  first: Ipv6Key;
  last: Ipv6Key;
  excluded: readonly Ipv6Key[];
} {
  return { first: range.first, last: dividePrefix(range.last, range.length, 128).last, excluded };
}

/** The addresses of a part of the range: the last one is its last member's. */
export function addressesOf({ range }: PoolRange6, { first, last }: Span<Key6>): { first: Ipv6Key; last: Ipv6Key } {
  return { first: addressOfKey6(first), last: dividePrefix(addressOfKey6(last), range.length, 128).last };
}

/** @param leased addresses with a lease, in and about the spans */
export function findGap6(
  { range: pool, spans }: Search<Key6, PoolRange6>,
  leased: readonly Ipv6Key[],
): Key6 | undefined {
  const { type, range } = pool;
  const taken = new Set([...leased, ...pool.excluded].flatMap((address) => indexIn(range, address) ?? []));
  for (const { first, last } of spans) {
    const end = indexIn(range, addressOfKey6(last))!;
    for (let index = indexIn(range, addressOfKey6(first))!; index <= end; index++) {
      if (!taken.has(index)) return toKey6(type, memberAt(range, index));
    }
  }
  return undefined;
}
