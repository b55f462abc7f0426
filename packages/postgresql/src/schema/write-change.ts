/** How Kea's tables are changed in PostgreSQL: a step is a transaction. */
import type { ColumnType, SchemaChange } from "@kotare/core/databases/upgrade-steps";
import { counters } from "./schema.ts";

const TYPES: Readonly<Record<ColumnType, string>> = {
  prefix: "INET DEFAULT NULL",
  length: "SMALLINT NOT NULL DEFAULT '0'",
  names: "TEXT",
  flag: "BOOLEAN",
  percent: "FLOAT DEFAULT NULL",
  seconds: "BIGINT DEFAULT NULL",
};

/** @param isOurs whether our triggers keep the statistics, and not Kea's */
export function writeChange(change: SchemaChange, isOurs: boolean): readonly string[] {
  const { table } = change;
  switch (change.kind) {
    case "add":
      return [`ALTER TABLE ${table} ADD COLUMN ${change.column} ${TYPES[change.type]}`];
    case "rename":
      return [
        `ALTER TABLE ${table} RENAME COLUMN ${change.from} TO ${change.column}`,
        ...(change.type === "names" ? [`ALTER TABLE ${table} ALTER COLUMN ${change.column} TYPE TEXT`] : []),
      ];
    case "list":
      return [
        `UPDATE ${table} SET ${change.column} = '[ ' || to_json(nullif(${change.column}, ''))::text || ' ]' WHERE ${change.column} IS NOT NULL`,
      ];
    case "state":
      return [
        `INSERT INTO ${table} VALUES (${change.state}, '${change.name}') ON CONFLICT DO NOTHING`,
        ...(isOurs ? [4, 6].map((family) => allowStates(`lease${family}`, change.state)) : []),
      ];
    case "count":
      return isOurs ? counters(6, change.states) : KEA_COUNTERS6;
    case "tolerate":
      return [];
    case "sql":
      return [change.sql];
  }
}

/** Ours have a check in place of Kea's foreign key. Without a look at the leases that are there, which are as before. */
function allowStates(table: string, last: number): string {
  const name = `${table}_state_check`;
  const states = Array.from({ length: last + 1 }, (_, state) => state).join(", ");
  return `ALTER TABLE ${table} DROP CONSTRAINT IF EXISTS ${name}, ADD CONSTRAINT ${name} CHECK (state IN (${states})) NOT VALID`;
}

function counter(name: string, parameters: readonly string[], body: string): string {
  return `CREATE OR REPLACE FUNCTION ${name}(${parameters.map((each) => `IN ${each}`).join(", ")}) RETURNS VOID AS $$
BEGIN ${body} END $$ LANGUAGE plpgsql`;
}

function keysOf(time: "new" | "old"): readonly string[] {
  return [`${time}_state BIGINT`, `${time}_subnet_id BIGINT`, `${time}_lease_type SMALLINT`];
}

/** Those of Kea's functions that count registered leases, too, from its schema 29.0 on; its triggers call them. */
const KEA_COUNTERS6: readonly string[] = [
  counter(
    "lease6_AINS_lease6_stat",
    keysOf("new"),
    `IF new_state IN (0, 1, 4) THEN
      INSERT INTO lease6_stat AS s (subnet_id, lease_type, state, leases) VALUES (new_subnet_id, new_lease_type, new_state, 1)
      ON CONFLICT (subnet_id, lease_type, state) DO UPDATE SET leases = s.leases + 1; END IF;`,
  ),
  counter(
    "lease6_ADEL_lease6_stat",
    keysOf("old"),
    `UPDATE lease6_stat SET leases = leases - 1
      WHERE subnet_id = old_subnet_id AND lease_type = old_lease_type AND state = old_state AND leases > 0;`,
  ),
  counter(
    "lease6_AUPD_lease6_stat",
    [...keysOf("old"), ...keysOf("new")],
    `IF old_state <> new_state OR old_subnet_id <> new_subnet_id OR old_lease_type <> new_lease_type THEN
      PERFORM lease6_ADEL_lease6_stat(old_state, old_subnet_id, old_lease_type);
      PERFORM lease6_AINS_lease6_stat(new_state, new_subnet_id, new_lease_type); END IF;`,
  ),
];
