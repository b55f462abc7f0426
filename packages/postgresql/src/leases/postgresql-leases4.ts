/** DHCPv4's table, `lease4`, in PostgreSQL. */
import type { Ipv4 } from "@kotare/core/ip/ipv4";
import type { Span } from "@kotare/core/leases/database/lease-database";
import { lease4Table } from "@kotare/core/leases/database/sql-columns";
import type { PoolRange4 } from "@kotare/core/leases/model/lease-store4";
import type { Lease4 } from "@kotare/core/leases/model/lease4";
import { formatArray } from "../sql-text.ts";
import type { PostgresqlFamily } from "./postgresql-leases.ts";

/** Behind a leased address or an excluded one is the first free one, if it is not where the search begins. */
function gapBetween(from: string, to: string, turn: number): string {
  const free = (address: string) =>
    `NOT EXISTS (SELECT FROM lease4 AS n WHERE n.address = ${address}) AND ${address} <> ALL($5::int8[])`;
  return [
    `SELECT ${from} AS address, ${turn} AS turn WHERE ${from} <= ${to} AND ${free(from)}`,
    `(SELECT l.address + 1, ${turn} FROM lease4 AS l WHERE l.address >= ${from} AND l.address < ${to}
      AND ${free("l.address + 1")} ORDER BY l.address LIMIT 1)`,
    `(SELECT e + 1, ${turn} FROM unnest($5::int8[]) AS e WHERE e >= ${from} AND e < ${to}
      AND ${free("e + 1")} ORDER BY e LIMIT 1)`,
  ].join(" UNION ALL ");
}

/** Parameters: the first and the last address of one span and of another, excluded addresses. */
const GAP = `SELECT address FROM (${gapBetween("$1::int8", "$2::int8", 1)} UNION ALL ${gapBetween("$3::int8", "$4::int8", 2)})
  AS gaps ORDER BY turn, address LIMIT 1`;

const NOTHING: Span<Ipv4> = { first: 1, last: 0 };

export const postgresql4: PostgresqlFamily<Lease4, Ipv4, PoolRange4> = {
  table: lease4Table,
  keyOf: ({ address }) => address,
  addressOf: (address) => address,
  gapQuery: ({ range: { excluded }, spans: [one = NOTHING, other = NOTHING] }) => ({
    name: "lease4-gap",
    text: GAP,
    values: [one.first, one.last, other.first, other.last, formatArray("number", excluded)],
  }),
  readGap: ([row]) => (row === undefined ? undefined : Number(row[0])),
  boundsOf: (range) => range,
};
