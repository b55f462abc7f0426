/** How many leases a limit counts, by Kea's statistics. */
import type { LeaseLimit } from "@kotare/core/leases/model/lease-limit";
import type { Query, Rows } from "../connection.ts";

interface CountedTable {
  readonly name: string;
  readonly claims: string;
  /** DHCPv6 has more than one type of leases. */
  readonly hasTypes: boolean;
}

export function inUseQuery({ name, hasTypes }: CountedTable, { of, type }: LeaseLimit): Query {
  const from = `${name}_${typeof of === "number" ? "stat" : "stat_by_client_class"}`;
  const where = `${typeof of === "number" ? "state = 0 AND subnet_id" : "client_class"} = $1`;
  return {
    name: `${from}-in-use`,
    text: `SELECT coalesce(sum(leases), 0) FROM ${from} WHERE ${where}${hasTypes ? " AND lease_type = $2" : ""}`,
    values: hasTypes ? [of, type] : [of],
  };
}

/** Until its transaction ends, nobody else gets by: the row in the table of claims is nobody's. */
export function turnQuery({ claims }: CountedTable): Query {
  const text = `INSERT INTO ${claims} AS c (client, place, stamp) VALUES ('', '', 0)
    ON CONFLICT (client) DO UPDATE SET stamp = c.stamp + 1`;
  return { name: `${claims}-turn`, text, values: [] };
}

/** One row of one number for each limit. */
export function readCounts(limits: readonly LeaseLimit[], results: readonly Rows[]): ReadonlyMap<LeaseLimit, number> {
  return new Map(limits.map((limit, i) => [limit, Number(results[i]![0]![0])]));
}
