/** DHCPv4's table, `lease4`, in MySQL. */
import type { Ipv4 } from "@kotare/core/ip/ipv4";
import { lease4Table } from "@kotare/core/leases/database/sql-columns";
import type { PoolRange4 } from "@kotare/core/leases/model/lease-store4";
import type { Lease4 } from "@kotare/core/leases/model/lease4";
import { inList, isNotIn } from "../sql-text.ts";
import type { MysqlFamily } from "./mysql-family.ts";

/**
 * Behind a leased address or an excluded one is the first free one, if it is not where the search begins.
 * @param turn of the search
 */
function gapBetween(from: number, to: number, excluded: readonly number[], turn: number): string[] {
  const free = (address: string) =>
    `NOT EXISTS (SELECT 1 FROM lease4 AS n WHERE n.address = ${address}) AND ${isNotIn(excluded.map(String), address)}`;
  const candidates = [from, ...excluded.map((address) => address + 1)].filter(
    (address) => address >= from && address <= to,
  );
  return [
    ...candidates.map(
      (address) => `(SELECT ${address} AS address, ${turn} AS turn FROM DUAL WHERE ${free(String(address))})`,
    ),
    `(SELECT l.address + 1, ${turn} FROM lease4 AS l WHERE l.address >= ${from} AND l.address < ${to}
      AND ${free("l.address + 1")} ORDER BY l.address LIMIT 1)`,
  ];
}

/** Neighbours, of which a pool asks for many at a time, are one range to the server, and one look-up. */
function isAmong(addresses: Iterable<Ipv4>): string {
  const ranges: { first: Ipv4; last: Ipv4 }[] = [];
  for (const address of addresses) {
    const range = ranges.at(-1);
    if (range !== undefined && address === range.last + 1) range.last = address;
    else ranges.push({ first: address, last: address });
  }
  const alone = ranges.filter(({ first, last }) => first === last).map(({ first }) => String(first));
  const together = ranges.filter(({ first, last }) => first < last);
  return [
    `address IN ${inList(alone)}`,
    ...together.map(({ first, last }) => `address BETWEEN ${first} AND ${last}`),
  ].join(" OR ");
}

export const mysql4: MysqlFamily<Lease4, Ipv4, PoolRange4> = {
  table: lease4Table,
  clientIndexes: { hwaddr: "lease4_by_hwaddr_subnet_id", client_id: "lease4_by_client_id_subnet_id" },
  keyOf: ({ address }) => address,
  addressOf: (address) => address,
  isAmong,
  gapQuery({ range: { excluded }, spans }) {
    const ways = spans.flatMap(({ first, last }, turn) => gapBetween(first, last, excluded, turn));
    return `SELECT address FROM (${ways.join(" UNION ALL ")}) AS gaps ORDER BY turn, address LIMIT 1`;
  },
  readGap: ([row]) => (row === undefined ? undefined : Number(row[0])),
  boundsOf: (range) => range,
};
