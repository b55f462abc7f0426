/** What selects reservations of Kea's tables with all that belongs to them, and what is put together of the rows that come. */
import type { HostColumns } from "./host-columns.ts";
import { optionColumns, parseJson } from "./host-rows.ts";
import type { Rows, SqlDialect } from "./sql-dialect.ts";

/** Parts of a statement that finds rows `h` of `hosts`. */
export interface HostSelect {
  readonly columns: string;
  /** What follows the tables that they are found in. */
  readonly joins: string;
}

/** What belongs to a host in another table: the columns of a row, the first of which is its number; NULL for none. */
type PartRow = readonly [id: number | null, ...unknown[]];

interface FoundHost {
  readonly id: number;
  readonly subnetId: number;
  /** As `SqlFamily.read` takes them. */
  readonly values: readonly unknown[];
}

/**
 * One column of JSON: drivers take longer to read of many columns what they are than what is in them. And a row for each
 * part of a host: MariaDB takes twice as long for all the rest as for one list of rows within a row.
 */
export function selectHost(
  { family, columns }: { readonly family: 4 | 6; readonly columns: readonly string[] },
  { hex, ipv6, jsonRow }: Pick<SqlDialect<never>, "hex" | "ipv6" | "jsonRow">,
  { hasOptionClasses, hasExcludedPrefixes }: HostColumns,
): HostSelect {
  const options = optionColumns({ hex }, "o", hasOptionClasses);
  const leases = [
    ...["l.reservation_id", ipv6("l.address"), "l.prefix_len", "l.type"],
    ...(hasExcludedPrefixes ? [ipv6("l.excluded_prefix"), "l.excluded_prefix_len"] : ["NULL", "NULL"]),
  ];
  const joins = [`dhcp${family}_options AS o`, ...(family === 4 ? [] : ["ipv6_reservations AS l"])];
  return {
    columns: jsonRow([
      ...["h.host_id", `h.dhcp${family}_subnet_id`, "h.dhcp_identifier_type", hex("h.dhcp_identifier")],
      ...columns.map((name) => `h.${name}`),
      ...[options, ...(family === 4 ? [] : [leases])].map(jsonRow),
    ]),
    joins: joins.map((table) => `LEFT JOIN ${table} ON ${table.slice(-1)}.host_id = h.host_id`).join(" "),
  };
}

/** Each host once, its parts in the order of their numbers. @param rows of `selectHost` */
export function gatherHosts(family: 4 | 6, rows: Rows): readonly FoundHost[] {
  const hosts = new Map<number, FoundHost & { readonly parts: readonly Map<number, PartRow>[] }>();
  for (const [json] of rows) {
    const [id, subnetId, ...values] = parseJson<[number, number, ...unknown[]]>(json);
    const own = values.splice(family === 4 ? -1 : -2).map((part) => parseJson<PartRow>(part));
    const host = hosts.get(id) ?? { id, subnetId, values, parts: own.map(() => new Map<number, PartRow>()) };
    hosts.set(id, host);
    own.forEach((part, i) => {
      if (part[0] !== null) host.parts[i]!.set(part[0], part);
    });
  }
  return [...hosts.values()].map(({ id, subnetId, values, parts }) => ({
    id,
    subnetId,
    values: [...values, ...parts.map((rowsOf) => [...rowsOf.values()].sort(([a], [b]) => a! - b!))],
  }));
}
