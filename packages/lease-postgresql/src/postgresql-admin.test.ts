import { LeaseDatabase } from "@kotare/core/config/schema/databases";
import { describeDatabaseAdmin } from "@kotare/core/databases/database-admin.contract";
import { databaseSettings } from "@kotare/core/databases/database-settings";
import { keaSchema } from "@kotare/core/databases/testing/kea-scripts";
import { openPostgresqlAdmin } from "./postgresql-admin.ts";
import { findPostgres, PostgresServer } from "./testing/postgres-server.ts";

const programs = findPostgres();

async function start(folder: string) {
  const server = await PostgresServer.start(folder);
  return {
    createDatabase: (name: string, sql: string) => server.createDatabase(name, sql),
    open(name: string) {
      const config = LeaseDatabase.parse({ type: "postgresql", host: server.folder, user: "postgres", name });
      return openPostgresqlAdmin(databaseSettings(config));
    },
    query: (name: string, sql: string) => server.query(name, sql),
    stop: () => server.stop(),
  };
}

describeDatabaseAdmin(
  {
    name: "PostgreSQL",
    kea30: "29.0",
    keaSchema: (kea) => keaSchema("PostgreSQL", kea),
    withoutAudit: "SELECT set_config('kea.disable_audit', 'true', false)",
    catalogue: [
      `SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default
        FROM information_schema.columns WHERE table_schema = 'public'`,
      "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'",
      "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
      "SELECT event_object_table, event_manipulation, action_timing, trigger_name FROM information_schema.triggers WHERE trigger_schema = 'public'",
      // Kea means to remove a helper of its upgrade, and misspells its name.
      `SELECT proname, pg_get_function_arguments(oid), prorettype::regtype::text FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND proname <> 'texttojsonlist'`,
      "SELECT * FROM lease_state",
      "SELECT * FROM schema_version",
    ],
    refusal: '"lease6" already exists',
    falsify: "UPDATE lease4_stat SET leases = 5",
    address6: (text) => `'${text}'`,
    dropTrigger: "DROP TRIGGER kotare_count_lease6_update ON lease6",
  },
  programs === undefined ? undefined : () => start(programs),
);
