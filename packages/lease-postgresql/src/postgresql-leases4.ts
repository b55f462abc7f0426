/** DHCPv4's table, `lease4`, in PostgreSQL. */
import type { Ipv4 } from "@kotare/core/ip/ipv4";
import type { PoolRange } from "@kotare/core/leases/lease-store";
import type { Lease4 } from "@kotare/core/leases/lease4";
import { lease4Table } from "@kotare/core/leases/shared/sql-columns";
import type { PostgresqlFamily } from "./postgresql-leases.ts";
import { formatArray } from "./sql-text.ts";

/**
 * Parameters: where the search begins, where it ends, excluded addresses. Behind a leased address or an excluded one is
 * the first free one, if it is not where the search begins.
 */
function gapBetween(from: string, to: string, turn: number): string {
  const free = (address: string) =>
    `NOT EXISTS (SELECT FROM lease4 AS n WHERE n.address = ${address}) AND ${address} <> ALL($4::int8[])`;
  return [
    `SELECT ${from} AS address, ${turn} AS turn WHERE ${from} <= ${to} AND ${free(from)}`,
    `(SELECT l.address + 1, ${turn} FROM lease4 AS l WHERE l.address >= ${from} AND l.address < ${to}
      AND ${free("l.address + 1")} ORDER BY l.address LIMIT 1)`,
    `(SELECT e + 1, ${turn} FROM unnest($4::int8[]) AS e WHERE e >= ${from} AND e < ${to}
      AND ${free("e + 1")} ORDER BY e LIMIT 1)`,
  ].join(" UNION ALL ");
}

const GAP = `SELECT address FROM (${gapBetween("$3::int8", "$2::int8", 1)} UNION ALL ${gapBetween("$1::int8", "$3::int8 - 1", 2)})
  AS gaps ORDER BY turn, address LIMIT 1`;

export const postgresql4: PostgresqlFamily<Lease4, Ipv4, PoolRange> = {
  table: lease4Table,
  keyOf: ({ address }) => address,
  addressOf: (address) => address,
  gapQuery: ({ range: { first, last, excluded }, from }) => ({
    name: "lease4-gap",
    text: GAP,
    values: [first, last, from, formatArray("number", excluded)],
  }),
  readGap: ([row]) => (row === undefined ? undefined : Number(row[0])),
  boundsOf: (range) => range,
};
