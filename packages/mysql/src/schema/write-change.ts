/** How Kea's tables are changed in MySQL. Each statement may come again after an interruption, and then changes nothing. */
import type { ColumnType, SchemaChange } from "@kotare/core/databases/upgrade-steps";
import { KEA_COUNTERS6, keaClassCounter } from "./kea-routines.ts";
import { recount6 } from "./routines.ts";

const TYPES: Readonly<Record<ColumnType, string>> = {
  prefix: "BINARY(16) DEFAULT NULL",
  length: "TINYINT(3) UNSIGNED NOT NULL DEFAULT 0",
  names: "LONGTEXT DEFAULT NULL",
  flag: "TINYINT NOT NULL DEFAULT 0",
  percent: "FLOAT DEFAULT NULL",
  seconds: "INT(10) DEFAULT NULL",
};

/** @param isOurs whether our triggers keep the statistics, and not Kea's */
export function writeChange(change: SchemaChange, isOurs: boolean): readonly string[] {
  const { table } = change;
  switch (change.kind) {
    case "add":
      return [`ALTER TABLE ${table} ADD COLUMN ${change.column} ${TYPES[change.type]}`];
    case "rename":
      return [`ALTER TABLE ${table} CHANGE ${change.from} ${change.column} ${TYPES[change.type]}`];
    case "list":
      return listsOf(table, change.column);
    case "state":
      return [`INSERT IGNORE INTO ${table} VALUES (${change.state}, '${change.name}')`];
    case "count":
      return isOurs ? recount6(change.states) : KEA_COUNTERS6;
    case "tolerate":
      return isOurs ? [] : keaClassCounter(table);
    case "sql":
      return [change.sql];
  }
}

/** A list is left alone: it comes from before an interruption. */
function listsOf(table: string, column: string): readonly string[] {
  return [
    `UPDATE ${table} SET ${column} = NULL WHERE ${column} = ''`,
    `UPDATE ${table} SET ${column} = CONCAT('[ ', JSON_QUOTE(${column}), ' ]')
      WHERE NOT (JSON_VALID(${column}) AND ${column} LIKE '[%')`,
  ];
}
