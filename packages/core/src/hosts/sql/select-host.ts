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

/** What belongs to a host in another table: the columns of a row, the first of which is its number. */
type PartRow = readonly [id: number, ...unknown[]];

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
      ...[options, ...(family === 4 ? [] : [leases])].map(
        (part) => `CASE WHEN ${part[0]} IS NULL THEN NULL ELSE ${jsonRow(part)} END`,
      ),
    ]),
    joins: joins.map((table) => `LEFT JOIN ${table} ON ${table.slice(-1)}.host_id = h.host_id`).join(" "),
  };
}

/** Each host once, its parts in the order of their numbers. @param rows of `selectHost` */
export function gatherHosts(family: 4 | 6, rows: Rows): readonly FoundHost[] {
  const kinds = family === 4 ? 1 : 2;
  const hosts = new Map<number, { id: number; subnetId: number; row: readonly unknown[]; parts: PartRows[] }>();
  for (const [json] of rows) {
    const row = parseJson<readonly [number, number, ...unknown[]]>(json);
    const [id, subnetId] = row;
    let host = hosts.get(id);
    if (host === undefined) {
      host = { id, subnetId, row, parts: [] };
      hosts.set(id, host);
    }
    for (let i = 0; i < kinds; i++) {
      const part = row[row.length - kinds + i];
      if (part !== null) addPart(host.parts, i, parseJson<PartRow>(part));
    }
  }
  return [...hosts.values()].map(({ id, subnetId, row, parts }) => {
    const values = row.slice(2, -kinds);
    for (let i = 0; i < kinds; i++) values.push(listParts(parts[i]));
    return { id, subnetId, values };
  });
}

/** By their numbers; absent where there are none. */
type PartRows = Map<number, PartRow> | undefined;

/** Where a host has several kinds of parts, each comes with all of the others. */
function addPart(parts: PartRows[], kind: number, part: PartRow): void {
  const rows = parts[kind] ?? new Map<number, PartRow>();
  rows.set(part[0], part);
  parts[kind] = rows;
}

function listParts(rows: PartRows): readonly PartRow[] {
  return rows === undefined ? [] : [...rows.values()].sort(([a], [b]) => a - b);
}
