/** DHCPv6's table, `lease6`, in PostgreSQL. */
import { parseIpv6Key } from "@kotare/core/ip/ipv6-key";
import { addressesOf, boundsOf6, findGap6 } from "@kotare/core/leases/database/pool/gap6";
import { addressOfKey6, family6, type Key6 } from "@kotare/core/leases/database/shared-store6";
import { IS_RECLAIMED, lease6Table } from "@kotare/core/leases/database/sql-columns";
import { INFINITE_LIFETIME } from "@kotare/core/leases/model/lease";
import type { PoolRange6 } from "@kotare/core/leases/model/lease-store6";
import type { Lease6 } from "@kotare/core/leases/model/lease6";
import type { Query } from "../connection.ts";
import { formatArray, selectColumn } from "../sql-text.ts";
import type { PostgresqlFamily } from "./postgresql-leases.ts";

/** For each range: more are not needed to know that there are some. */
const CROSSED = 64;

/** Parameters: the first addresses of the spans, and the last ones. */
const GAP = `SELECT host(address) FROM unnest($1::inet[], $2::inet[]) AS s(first, last), lease6
  WHERE address BETWEEN s.first AND s.last`;

const SELECT = lease6Table.columns.map((column) => selectColumn(column, "l.")).join(", ");
const IS_CROSSING = `l.lease_type = 2 AND l.prefix_len <> c.length AND NOT l.state ${IS_RECLAIMED}
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
  gapQuery({ range, spans }) {
    const parts = spans.map((span) => addressesOf(range, span));
    const values = [parts.map(({ first }) => first), parts.map(({ last }) => last)];
    return { name: "lease6-gap", text: GAP, values: values.map((of) => formatArray("address6", of)) };
  },
  readGap: (rows, search) =>
    findGap6(
      search,
      rows.map(([text]) => parseIpv6Key(String(text))!),
    ),
  crossedQuery(ranges): Query {
    const bounds = ranges.map(boundsOf6);
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
  boundsOf: boundsOf6,
};
