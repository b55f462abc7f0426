/** DHCPv6's table, `lease6`, in PostgreSQL. */
import { type Ipv6Key, parseIpv6Key } from "@kotare/core/ip/ipv6-key";
import { dividePrefix, type Ipv6Range, indexIn, memberAt } from "@kotare/core/ip/ipv6-range";
import { INFINITE_LIFETIME } from "@kotare/core/leases/lease";
import type { PoolRange6 } from "@kotare/core/leases/lease-store6";
import type { Lease6 } from "@kotare/core/leases/lease6";
import type { Search } from "@kotare/core/leases/shared/lease-database";
import { addressOfKey6, family6, type Key6, toKey6 } from "@kotare/core/leases/shared/shared-store6";
import { lease6Table } from "@kotare/core/leases/shared/sql-columns";
import type { Query, Rows } from "./connection.ts";
import type { PostgresqlFamily } from "./postgresql-leases.ts";
import { formatArray, selectColumn } from "./sql-text.ts";

/** Leases that a search for a gap goes through at a time; behind them the next one goes on. */
const SEARCHED = 16_384;
/** For each range: more are not needed to know that there are some. */
const CROSSED = 64;

/** Parameters: the first address, the last one, and where to begin. */
const GAP = `(SELECT host(address) FROM lease6 WHERE address >= $3::inet AND address <= $2::inet ORDER BY address LIMIT ${SEARCHED})
  UNION ALL
  (SELECT host(address) FROM lease6 WHERE address >= $1::inet AND address < $3::inet ORDER BY address LIMIT ${SEARCHED})`;

const SELECT = lease6Table.columns.map((column) => selectColumn(column, "l.")).join(", ");
const IS_CROSSING = `l.lease_type = 2 AND l.prefix_len <> c.length AND l.state <> 2
  AND (l.valid_lifetime = ${INFINITE_LIFETIME} OR l.expire > now())`;

/** Parameters: first addresses, last addresses, lengths. What is inside a range begins in it; what is around has its bits. */
const CROSSING = `SELECT ${SELECT} FROM unnest($1::inet[], $2::inet[], $3::int8[]) AS c(first, last, length), LATERAL (
    (SELECT * FROM lease6 AS l WHERE l.address BETWEEN c.first AND c.last AND ${IS_CROSSING} LIMIT ${CROSSED})
    UNION ALL
    (SELECT l.* FROM generate_series(1, c.length - 1) AS bits,
      LATERAL (SELECT * FROM lease6 AS l WHERE l.prefix_len = bits AND ${IS_CROSSING}
        AND l.address = set_masklen(network(set_masklen(c.first, bits::int))::inet, 128)) AS l)
  ) AS l`;

export const postgresql6: PostgresqlFamily<Lease6, Key6, PoolRange6> = {
  table: lease6Table,
  keyOf: family6.keyOf,
  addressOf: addressOfKey6,
  gapQuery({ range, from }) {
    const { first, last } = boundsOf(range);
    return { name: "lease6-gap", text: GAP, values: [first, last, addressOfKey6(from)].map(formatAddress) };
  },
  readGap,
  crossedQuery(ranges): Query {
    const bounds = ranges.map(boundsOf);
    const values = [
      formatArray(
        "address6",
        bounds.map(({ first }) => first),
      ),
      formatArray(
        "address6",
        bounds.map(({ last }) => last),
      ),
      formatArray(
        "number",
        ranges.map(({ range }) => range.length),
      ),
    ];
    return { name: "lease6-crossing", text: CROSSING, values };
  },
  boundsOf,
};

function boundsOf({ range, excluded }: PoolRange6): { first: Ipv6Key; last: Ipv6Key; excluded: readonly Ipv6Key[] } {
  return { first: range.first, last: dividePrefix(range.last, range.length, 128).last, excluded };
}

function formatAddress(address: Ipv6Key): string {
  return formatArray("address6", [address]).slice(1, -1);
}

/** Goes through the leases in their order, once around the range from where the search begins. */
function readGap(rows: Rows, { range: pool, from }: Search<Key6, PoolRange6>): Key6 | undefined {
  const { type, range } = pool;
  const excluded = new Set(pool.excluded);
  const begin = indexIn(range, addressOfKey6(from)) ?? 0;
  const leased = rows.flatMap(([text]) => indexIn(range, parseIpv6Key(String(text))!) ?? []);
  const behind = leased.filter((index) => index >= begin);
  const gap =
    firstGap(range, begin, range.size, behind, excluded) ??
    firstGap(
      range,
      0,
      begin,
      leased.filter((index) => index < begin),
      excluded,
    );
  return gap === undefined ? undefined : toKey6(type, memberAt(range, gap));
}

/** @param leased ascending; when there are as many as were asked for, what is behind them may be leased, too */
function firstGap(
  range: Ipv6Range,
  from: number,
  to: number,
  leased: readonly number[],
  excluded: ReadonlySet<Ipv6Key>,
): number | undefined {
  const taken = new Set(leased);
  for (let index = from; index < to; index++) {
    if (!taken.has(index) && !excluded.has(memberAt(range, index))) return index;
  }
  return undefined;
}
