/** What `db` does to a PostgreSQL database. */

import { type DatabaseAdmin, describeMissingTriggers } from "@kotare/core/databases/database-admin";
import type { DatabaseSettings } from "@kotare/core/databases/database-settings";
import { CLAIM_COLUMNS, lease4Table, lease6Table } from "@kotare/core/leases/database/sql-columns";
import { DatabaseError } from "pg";
import { dial } from "./connection.ts";
import { ADDITIONS, checkVersion, SCHEMA, UNDEFINED_TABLE, UPGRADE } from "./schema.ts";
import { configOf } from "./session.ts";

/** On the first of the hosts: what is made there is made for all. */
export async function openPostgresqlAdmin(settings: DatabaseSettings): Promise<DatabaseAdmin> {
  const { client } = await dial(configOf(settings, settings.hosts[0]!));
  const rows = async (text: string) => (await client.query<Record<string, unknown>>(text)).rows;

  async function missingColumns(table: string, columns: readonly string[]): Promise<string[]> {
    const found = await rows(`SELECT column_name FROM information_schema.columns WHERE table_name = '${table}'`);
    const names = new Set(found.map(({ column_name }) => column_name));
    if (names.size === 0) return [`there is no table ${table}`];
    return columns.filter((name) => !names.has(name)).map((name) => `table ${table} has no column ${name}`);
  }

  async function missingTriggers(table: string): Promise<string[]> {
    const found = await rows(
      `SELECT event_manipulation FROM information_schema.triggers WHERE event_object_table = '${table}'`,
    );
    return describeMissingTriggers(table, new Set(found.map((row) => row["event_manipulation"])));
  }

  /** What the statistics say, and what they should. */
  async function wrongStatistics(table: string, statistics: string, keys: string): Promise<string[]> {
    const counted = `SELECT ${keys}, count(*) AS leases FROM ${table} WHERE state IN (0, 1) GROUP BY ${keys}`;
    const kept = `SELECT ${keys}, leases FROM ${statistics} WHERE leases > 0`;
    const [found] = await rows(
      `SELECT count(*) AS n FROM ((${counted} EXCEPT ${kept}) UNION ALL (${kept} EXCEPT ${counted})) AS differences`,
    );
    return Number(found?.["n"]) === 0 ? [] : [`${statistics} does not say what is in ${table}`];
  }

  async function version(): Promise<string | undefined> {
    try {
      const [row] = await rows("SELECT version, minor FROM schema_version");
      return row && `${row["version"]}.${row["minor"]}`;
    } catch (error) {
      if (error instanceof DatabaseError && error.code === UNDEFINED_TABLE) return undefined;
      throw error;
    }
  }

  return {
    version,
    async init() {
      // Statements that are sent together are one transaction.
      await client.query(`${SCHEMA}\n${ADDITIONS}`);
    },
    async upgrade() {
      checkVersion(await version());
      await client.query(UPGRADE);
    },
    async check() {
      checkVersion(await version());
      const faults: string[] = [];
      for (const table of [lease4Table, lease6Table]) {
        faults.push(
          ...(await missingColumns(
            table.name,
            table.columns.map(({ name }) => name),
          )),
        );
        faults.push(...(await missingColumns(table.claims, CLAIM_COLUMNS)));
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
    close: () => client.end(),
  };
}
