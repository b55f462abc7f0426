/** What `db` does to a MySQL or MariaDB database. */

import { checkSchema, type SchemaView } from "@kotare/core/databases/check-schema";
import type { DatabaseAdmin } from "@kotare/core/databases/database-admin";
import type { DatabaseSettings } from "@kotare/core/databases/database-settings";
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

  const firsts = async (statement: string): Promise<unknown[]> => (await rows(statement)).map(([value]) => value);

  const schema: SchemaView = {
    columnsOf: (table) =>
      firsts(
        `SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = '${table}'`,
      ),
    triggersOf: (table) =>
      firsts(
        `SELECT event_manipulation FROM information_schema.triggers WHERE trigger_schema = DATABASE() AND event_object_table = '${table}'`,
      ),
    async isTrue(statistics, table, keys) {
      const counted = `SELECT ${keys}, COUNT(*) AS leases FROM ${table} WHERE state IN (0, 1) GROUP BY ${keys}`;
      const kept = `SELECT ${keys}, leases FROM ${statistics} WHERE leases > 0`;
      const differences = await rows(
        `SELECT ${keys}, leases FROM (${counted} UNION ALL ${kept}) AS both_sides GROUP BY ${keys}, leases HAVING COUNT(*) <> 2`,
      );
      return differences.length === 0;
    },
  };

  return {
    version,
    async init() {
      // Tables cannot be taken back with a transaction here: what is in the way must show before the first is made.
      const there = await firsts("SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()");
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
      return checkSchema(schema);
    },
    close: () => connection.close(),
  };
}
