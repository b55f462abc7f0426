/** Where a search of a DHCPv6 pool finds something free: for databases that cannot count in addresses of 128 bits. */
import type { Ipv6Key } from "../../ip/ipv6-key.ts";
import { dividePrefix, indexIn, memberAt } from "../../ip/ipv6-range.ts";
import type { PoolRange6 } from "../lease-store6.ts";
import type { Search } from "./lease-database.ts";
import { addressOfKey6, type Key6, toKey6 } from "./shared-store6.ts";

export function boundsOf6({ range, excluded }: PoolRange6): {
  first: Ipv6Key;
  last: Ipv6Key;
  excluded: readonly Ipv6Key[];
} {
  return { first: range.first, last: dividePrefix(range.last, range.length, 128).last, excluded };
}

/**
 * The first gap, once around the range from where the search begins.
 * @param leased addresses with a lease, in and about the range
 */
export function findGap6(
  { range: pool, from }: Search<Key6, PoolRange6>,
  leased: readonly Ipv6Key[],
): Key6 | undefined {
  const { type, range } = pool;
  const begin = indexIn(range, addressOfKey6(from)) ?? 0;
  const taken = new Set([...leased, ...pool.excluded].flatMap((address) => indexIn(range, address) ?? []));
  const gap = firstFree(begin, range.size, taken) ?? firstFree(0, begin, taken);
  return gap === undefined ? undefined : toKey6(type, memberAt(range, gap));
}

function firstFree(from: number, to: number, taken: ReadonlySet<number>): number | undefined {
  for (let index = from; index < to; index++) if (!taken.has(index)) return index;
  return undefined;
}
