/** Whether a database has what we need of Kea's schema, and what is ours beside it. */
import { hostTables } from "../hosts/sql/host-columns.ts";
import { REGISTERED_SINCE, type SchemaVersion } from "../leases/database/kea-schema.ts";
import { CLAIM_COLUMNS, lease4Table, lease6Table } from "../leases/database/sql-columns.ts";

/** What a kind of database tells of its tables. */
export interface SchemaView {
  /** None where there is no such table. */
  columnsOf(table: string): Promise<readonly unknown[]>;
  /** The events for which a table has triggers: `INSERT`. */
  triggersOf(table: string): Promise<readonly unknown[]>;
  /** Whether a table is there and not empty. */
  hasRows(table: string): Promise<boolean>;
  /** Whether a table of statistics counts what is in the other one in some states, by its keys. @param states `0, 1` */
  isTrue(statistics: string, table: string, keys: string, states: string): Promise<boolean>;
}

/** How many tables of statistics have been compared with the leases, of how many. */
export type OnCounted = (done: number, total: number) => void;

/** Each compares all leases. */
const COUNTS = 4;

/** @returns one sentence for each thing that is not as it must be */
export async function checkSchema(
  view: SchemaView,
  version: SchemaVersion,
  onCounted: OnCounted = () => {},
): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const { name, columns, claims } of [lease4Table, lease6Table]) {
    const wanted = columns.map((column) => column.name);
    missing.push(...describeColumns(name, wanted, await view.columnsOf(name)));
    missing.push(...describeColumns(claims, CLAIM_COLUMNS, await view.columnsOf(claims)));
  }
  for (const { name, columns } of hostTables(version)) {
    missing.push(...describeColumns(name, columns, await view.columnsOf(name)));
  }
  if ((await view.columnsOf("dhcp6_audit")).length === 0) missing.push("there are no tables of configuration");
  if (missing.length > 0) return missing;
  const faults: string[] = [];
  let counted = 0;
  for (const [table, type, states] of [
    ["lease4", "", "0, 1"],
    ["lease6", "lease_type, ", version < REGISTERED_SINCE ? "0, 1" : "0, 1, 4"],
  ] as const) {
    faults.push(...describeTriggers(table, await view.triggersOf(table)));
    for (const [statistics, keys, inStates] of [
      [`${table}_stat`, `subnet_id, ${type}state`, states],
      // Not all of Kea's schemas count registered addresses of pools.
      [`${table}_pool_stat`, `subnet_id, pool_id, ${type}state`, "0, 1"],
    ] as const) {
      if (!(await view.isTrue(statistics, table, keys, inStates))) {
        faults.push(`${statistics} does not say what is in ${table}`);
      }
      onCounted(++counted, COUNTS);
    }
  }
  for (const table of ["flq_pool4", "flq_pool6"]) {
    if (await view.hasRows(table)) {
      faults.push(
        `${table} has pools of Kea's allocator shared-flq, whose lists of free addresses are not kept here: share no pool with it`,
      );
    }
  }
  return faults;
}

function describeColumns(table: string, wanted: readonly string[], found: readonly unknown[]): string[] {
  if (found.length === 0) return [`there is no table ${table}`];
  return wanted.filter((name) => !found.includes(name)).map((name) => `table ${table} has no column ${name}`);
}

/** Kea's triggers or ours: they keep the statistics of a lease table. */
function describeTriggers(table: string, found: readonly unknown[]): string[] {
  return ["INSERT", "UPDATE", "DELETE"]
    .filter((event) => !found.includes(event))
    .map((event) => `table ${table} has no trigger for ${event}, and its statistics will not stay true`);
}
