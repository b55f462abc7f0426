/** What `db` does to a MySQL or MariaDB database. */

import { type DatabaseAdmin, describeMissingTriggers } from "@kotare/core/databases/database-admin";
import type { DatabaseSettings } from "@kotare/core/databases/database-settings";
import { CLAIM_COLUMNS, lease4Table, lease6Table } from "@kotare/core/leases/database/sql-columns";
import { connect, type Rows } from "./connection.ts";
import { ADDITIONS, checkVersion, SCHEMA, UPGRADE, VERSION_TABLE } from "./schema.ts";
import { optionsOf, readVersion } from "./session.ts";

/** A table, a row, a routine, a trigger: by an `init` that was interrupted. */
const IS_THERE = new Set([1050, 1062, 1304, 1359]);

/** On the first of the hosts: what is made there is made for all. */
export async function openMysqlAdmin(settings: DatabaseSettings): Promise<DatabaseAdmin> {
  // Making tables takes as long as it takes.
  const connection = await connect(optionsOf(settings, settings.hosts[0]!), 600_000, () => {});
  const rows = async (statement: string): Promise<Rows> => (await connection.run([statement]))[0]!;
  const version = () => readVersion(connection);

  async function missingColumns(table: string, columns: readonly string[]): Promise<string[]> {
    const found = await rows(
      `SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = '${table}'`,
    );
    const names = new Set(found.map(([name]) => String(name)));
    if (names.size === 0) return [`there is no table ${table}`];
    return columns.filter((name) => !names.has(name)).map((name) => `table ${table} has no column ${name}`);
  }

  async function missingTriggers(table: string): Promise<string[]> {
    const found = await rows(
      `SELECT event_manipulation FROM information_schema.triggers WHERE trigger_schema = DATABASE() AND event_object_table = '${table}'`,
    );
    return describeMissingTriggers(table, new Set(found.map(([event]) => event)));
  }

  /** What the statistics say, and what they should. */
  async function wrongStatistics(table: string, statistics: string, keys: string): Promise<string[]> {
    const counted = `SELECT ${keys}, COUNT(*) AS leases FROM ${table} WHERE state IN (0, 1) GROUP BY ${keys}`;
    const kept = `SELECT ${keys}, leases FROM ${statistics} WHERE leases > 0`;
    const found = await rows(
      `SELECT ${keys}, leases FROM (${counted} UNION ALL ${kept}) AS both_sides GROUP BY ${keys}, leases HAVING COUNT(*) <> 2`,
    );
    return found.length === 0 ? [] : [`${statistics} does not say what is in ${table}`];
  }

  return {
    version,
    async init() {
      // Tables cannot be taken back with a transaction here: what is in the way must show before the first is made.
      const found = await rows("SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()");
      const there = found.map(([name]) => String(name));
      const isBegun = there.includes(VERSION_TABLE);
      if (there.length > 0 && !isBegun) throw new Error(`it is not empty: there is a table ${there[0]}`);
      for (const statement of SCHEMA) {
        await connection.run([statement]).catch((error: { errno?: number }) => {
          if (!isBegun || !IS_THERE.has(error.errno ?? 0)) throw error;
        });
      }
      await connection.run(ADDITIONS);
    },
    async upgrade() {
      checkVersion(await version());
      await connection.run(UPGRADE);
    },
    async check() {
      checkVersion(await version());
      const faults: string[] = [];
      for (const { name, columns, claims } of [lease4Table, lease6Table]) {
        const wanted = columns.map((column) => column.name);
        faults.push(...(await missingColumns(name, wanted)));
        faults.push(...(await missingColumns(claims, CLAIM_COLUMNS)));
      }
      if (faults.length > 0) return faults;
      for (const [table, type] of [
        ["lease4", ""],
        ["lease6", "lease_type, "],
      ] as const) {
        faults.push(...(await missingTriggers(table)));
        faults.push(...(await wrongStatistics(table, `${table}_stat`, `subnet_id, ${type}state`)));
        faults.push(...(await wrongStatistics(table, `${table}_pool_stat`, `subnet_id, pool_id, ${type}state`)));
      }
      return faults;
    },
    close: () => connection.close(),
  };
}
