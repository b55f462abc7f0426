/** What `db` does to a PostgreSQL database. */

import { checkSchema, type SchemaView } from "@kotare/core/databases/check-schema";
import type { DatabaseAdmin } from "@kotare/core/databases/database-admin";
import type { DatabaseSettings } from "@kotare/core/databases/database-settings";
import { planUpgrade, type UpgradeDialect, writeChanges } from "@kotare/core/databases/plan-upgrade";
import { laterChanges } from "@kotare/core/databases/schema/config-schema";
import { type SchemaChange, UPGRADE_STEPS } from "@kotare/core/databases/upgrade-steps";
import { readVersion, type SchemaVersion } from "@kotare/core/leases/database/kea-schema";
import { DatabaseError } from "pg";
import { dial } from "./connection.ts";
import { ADDITIONS, CONFIG, KEA_SCHEMAS, SCHEMA, UNDEFINED_TABLE, UPGRADE } from "./schema/schema.ts";
import { writeChange } from "./schema/write-change.ts";
import { configOf } from "./session.ts";

/** Kea's triggers then leave no traces for servers that read their configuration from the database. */
const WITHOUT_AUDIT = "SELECT set_config('kea.disable_audit', 'true', false)";

/** Waits until no other changes this database's tables; held until the connection is closed. */
const ALONE = "SELECT pg_advisory_lock(hashtext('kotare'))";

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
    hasRows: async (table) =>
      (await schema.columnsOf(table)).length > 0 && (await rows(`SELECT 1 FROM ${table} LIMIT 1`)).length > 0,
    async isTrue(statistics, table, keys, states) {
      const counted = `SELECT ${keys}, count(*) AS leases FROM ${table} WHERE state IN (${states}) GROUP BY ${keys}`;
      const kept = `SELECT ${keys}, leases FROM ${statistics} WHERE leases > 0 AND state IN (${states})`;
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

  const knownVersion = async () => readVersion(await version(), KEA_SCHEMAS);

  async function transact(work: () => Promise<void>): Promise<void> {
    await client.query("BEGIN");
    try {
      await work();
      await client.query("COMMIT");
    } catch (error) {
      await client.query("ROLLBACK");
      throw error;
    }
  }

  async function dialect() {
    const triggers = await column(
      "trigger_name",
      "SELECT trigger_name FROM information_schema.triggers WHERE event_object_table = 'lease6'",
    );
    const isOurs = triggers.some((name) => String(name).startsWith("kotare"));
    return { columnsOf: schema.columnsOf, write: (change: SchemaChange) => writeChange(change, isOurs) };
  }

  async function runAll(statements: readonly string[], onStatement = () => {}): Promise<void> {
    for (const statement of statements) {
      await client.query(statement);
      onStatement();
    }
  }

  async function plan(run: UpgradeDialect["run"]) {
    return await planUpgrade(await knownVersion(), UPGRADE_STEPS, { ...(await dialect()), run });
  }

  /** As the tables of reservations are now. */
  async function addConfig(known: SchemaVersion): Promise<void> {
    if ((await schema.columnsOf("dhcp6_audit")).length > 0) return;
    await client.query(CONFIG);
    const changes = await writeChanges(laterChanges(UPGRADE_STEPS, known), await dialect());
    await client.query(changes.join(";\n"));
  }

  return {
    version,
    init: (kea) =>
      transact(async () => {
        await client.query(ALONE);
        await client.query(`${SCHEMA}\n${ADDITIONS}`);
        const steps = kea === "2.6" ? [] : await plan(runAll);
        for (const { run } of steps) await run();
      }),
    async upgrade() {
      await client.query(ALONE);
      const known = await knownVersion();
      await client.query(UPGRADE);
      await transact(() => addConfig(known));
    },
    async planKea30() {
      await client.query(ALONE);
      const steps = await plan((statements, onStatement) => transact(() => runAll(statements, onStatement)));
      await client.query(WITHOUT_AUDIT);
      return steps;
    },
    async check(onCounted) {
      return checkSchema(schema, await knownVersion(), onCounted);
    },
    close: () => client.end(),
  };
}
