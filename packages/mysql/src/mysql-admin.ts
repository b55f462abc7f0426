/** What `db` does to a MySQL or MariaDB database. */

import { checkSchema, type SchemaView } from "@kotare/core/databases/check-schema";
import type { DatabaseAdmin } from "@kotare/core/databases/database-admin";
import type { DatabaseSettings } from "@kotare/core/databases/database-settings";
import { planUpgrade, type UpgradeDialect, writeChanges } from "@kotare/core/databases/plan-upgrade";
import { laterChanges } from "@kotare/core/databases/schema/config-schema";
import { TOLERANT_STEP, UPGRADE_STEPS } from "@kotare/core/databases/upgrade-steps";
import { formatVersion, KEA_2_6, readVersion } from "@kotare/core/leases/database/kea-schema";
import { connect, type Rows } from "./connection.ts";
import { CONFIG_OPTIONS, CONFIG_ROUTINES, CONFIG_TABLES } from "./schema/config-schema.ts";
import { ADDITIONS, KEA_SCHEMAS, TABLES_AND_ROUTINES, UPGRADE, VERSION_TABLE } from "./schema/schema.ts";
import { writeChange } from "./schema/write-change.ts";
import { findVersion, optionsOf } from "./session.ts";

const STEPS = [...UPGRADE_STEPS, TOLERANT_STEP];

/** A table, a row, a routine, a trigger, a foreign key: by an `init` or `upgrade` that was interrupted. */
const IS_THERE = new Set([1050, 1062, 1304, 1359, 1826]);
/** What MariaDB says of a foreign key. */
const HAS_KEY = "errno: 121 ";
/** Kea's triggers then leave no traces for servers that read their configuration from the database. */
const WITHOUT_AUDIT = "SET @disable_audit = 1";

/** Waits until no other changes this database's tables; held until the connection is closed. Locks are the whole server's. */
const ALONE = "SELECT GET_LOCK(CONCAT('kotare ', MD5(DATABASE())), 600)";

/** On the first of the hosts: what is made there is made for all. */
export async function openMysqlAdmin(settings: DatabaseSettings): Promise<DatabaseAdmin> {
  // Making tables takes as long as it takes.
  const connection = await connect(optionsOf(settings, settings.hosts[0]!), 600_000, () => {});
  const rows = async (statement: string): Promise<Rows> => (await connection.run([statement]))[0]!;
  const version = () => findVersion(connection);
  const knownVersion = async () => readVersion(await version(), KEA_SCHEMAS);

  async function alone(): Promise<void> {
    const [isHeld] = (await rows(ALONE))[0]!;
    if (Number(isHeld) !== 1) throw new Error("somebody else has been changing its tables for ten minutes");
  }

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
    hasRows: async (table) =>
      (await schema.columnsOf(table)).length > 0 && (await rows(`SELECT 1 FROM ${table} LIMIT 1`)).length > 0,
    async isTrue(statistics, table, keys, states) {
      const counted = `SELECT ${keys}, COUNT(*) AS leases FROM ${table} WHERE state IN (${states}) GROUP BY ${keys}`;
      const kept = `SELECT ${keys}, leases FROM ${statistics} WHERE leases > 0 AND state IN (${states})`;
      const differences = await rows(
        `SELECT ${keys}, leases FROM (${counted} UNION ALL ${kept}) AS both_sides GROUP BY ${keys}, leases HAVING COUNT(*) <> 2`,
      );
      return differences.length === 0;
    },
  };

  async function dialect(): Promise<UpgradeDialect> {
    const triggers = await firsts(
      "SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = DATABASE() AND event_object_table = 'lease6'",
    );
    const isOurs = triggers.some((name) => String(name).startsWith("kotare"));
    return {
      columnsOf: schema.columnsOf,
      write: (change) => writeChange(change, isOurs),
      async run(statements, onStatement = () => {}) {
        for (const statement of statements) {
          await connection.run([statement]);
          onStatement();
        }
      },
    };
  }

  /** Goes on where it has been begun. */
  async function make(statements: readonly string[]): Promise<void> {
    for (const statement of statements) {
      await connection.run([statement]).catch((error: Error & { errno?: number }) => {
        if (!IS_THERE.has(error.errno ?? 0) && !error.message.includes(HAS_KEY)) throw error;
      });
    }
  }

  return {
    version,
    async init(kea) {
      await alone();
      // Tables cannot be taken back with a transaction here: what is in the way must show before the first is made.
      const there = await firsts("SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()");
      const isBegun = there.includes(VERSION_TABLE);
      if (there.length > 0 && !isBegun) throw new Error(`it is not empty: there is a table ${there[0]}`);
      await make(TABLES_AND_ROUTINES);
      await connection.run(ADDITIONS);
      const changes = kea === "2.6" ? [] : STEPS.flatMap((step) => step.changes);
      const { run, ...made } = await dialect();
      await run(await writeChanges(changes, made));
      const [number, minor] = formatVersion(kea === "2.6" ? KEA_2_6 : KEA_SCHEMAS.kea30).split(".");
      await run([`INSERT INTO ${VERSION_TABLE} VALUES (${number}, ${minor})`]);
    },
    async upgrade() {
      await alone();
      const known = await knownVersion();
      await connection.run(UPGRADE);
      // What is made last is not there where somebody was interrupted.
      if ((await schema.triggersOf("dhcp6_options")).includes("DELETE")) return;
      await make([...CONFIG_TABLES, ...CONFIG_OPTIONS]);
      const { run, ...made } = await dialect();
      await run(await writeChanges(laterChanges(STEPS, known), made));
      await make(CONFIG_ROUTINES);
    },
    async planKea30() {
      await alone();
      const steps = await planUpgrade(await knownVersion(), STEPS, await dialect());
      await connection.run([WITHOUT_AUDIT]);
      return steps;
    },
    async check(onCounted) {
      return checkSchema(schema, await knownVersion(), onCounted);
    },
    close: () => connection.close(),
  };
}
