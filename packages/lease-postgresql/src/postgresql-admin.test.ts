import { LeaseDatabase } from "@kotare/core/config/schema/databases";
import { describeDatabaseAdmin } from "@kotare/core/databases/database-admin.contract";
import { databaseSettings } from "@kotare/core/databases/database-settings";
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
    refusal: '"lease6" already exists',
    falsify: "UPDATE lease4_stat SET leases = 5",
    address6: (text) => `'${text}'`,
    dropTrigger: "DROP TRIGGER kotare_count_lease6_update ON lease6",
  },
  programs === undefined ? undefined : () => start(programs),
);
