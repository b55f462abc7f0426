/** What `db` does to a PostgreSQL database. */

import { checkSchema, type SchemaView } from "@kotare/core/databases/check-schema";
import type { DatabaseAdmin } from "@kotare/core/databases/database-admin";
import type { DatabaseSettings } from "@kotare/core/databases/database-settings";
import { DatabaseError } from "pg";
import { dial } from "./connection.ts";
import { ADDITIONS, checkVersion, SCHEMA, UNDEFINED_TABLE, UPGRADE } from "./schema.ts";
import { configOf } from "./session.ts";

/** On the first of the hosts: what is made there is made for all. */
export async function openPostgresqlAdmin(settings: DatabaseSettings): Promise<DatabaseAdmin> {
  const { client } = await dial(configOf(settings, settings.hosts[0]!));
  const rows = async (text: string) => (await client.query<Record<string, unknown>>(text)).rows;

  const column = async (name: string, text: string) => (await rows(text)).map((row) => row[name]);

  const schema: SchemaView = {
    columnsOf: (table) =>
      column("column_name", `SELECT column_name FROM information_schema.columns WHERE table_name = '${table}'`),
    triggersOf: (table) =>
      column(
        "event_manipulation",
        `SELECT event_manipulation FROM information_schema.triggers WHERE event_object_table = '${table}'`,
      ),
    async isTrue(statistics, table, keys) {
      const counted = `SELECT ${keys}, count(*) AS leases FROM ${table} WHERE state IN (0, 1) GROUP BY ${keys}`;
      const kept = `SELECT ${keys}, leases FROM ${statistics} WHERE leases > 0`;
      const [found] = await rows(
        `SELECT count(*) AS n FROM ((${counted} EXCEPT ${kept}) UNION ALL (${kept} EXCEPT ${counted})) AS differences`,
      );
      return Number(found?.["n"]) === 0;
    },
  };

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
      return checkSchema(schema);
    },
    close: () => client.end(),
  };
}
