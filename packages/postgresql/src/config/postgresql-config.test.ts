import { storedConfig4 } from "@kotare/core/config-database/stored-config4";
import { describeConfigFaults } from "@kotare/core/databases/config-faults.contract";
import { describeDatabaseConfig } from "@kotare/core/databases/database-config.contract";
import { keaSchema } from "@kotare/core/databases/testing/kea-scripts";
import { KEA_RELEASES } from "@kotare/core/leases/database/kea-schema";
import { describeRemoteApi } from "@kotare/core/server/databases/remote-api.contract";
import { describeRemoteCommands } from "@kotare/core/server/databases/remote-commands.contract";
import { findPostgres, PostgresServer } from "../testing/postgres-server.ts";
import { openPostgresqlConfig } from "./open-postgresql-config.ts";

const programs = findPostgres();

async function start(folder: string, script: string) {
  const server = await PostgresServer.start(folder);
  return {
    local: { type: "postgresql", host: server.folder, user: "postgres" },
    createDatabase: (name: string) => server.createDatabase(name, script),
    query: (name: string, sql: string) => server.query(name, sql),
    halt: () => server.halt(),
    resume: () => server.resume(),
    stop: () => server.stop(),
  };
}

for (const kea of KEA_RELEASES) {
  const schema = keaSchema("PostgreSQL", kea);
  describeDatabaseConfig(
    {
      name: "PostgreSQL",
      kea,
      beginRevision: (family) => `SELECT createAuditRevisionDHCP${family}(now(), 'all', 'a test', true)`,
      withoutForeignKeys: "SET session_replication_role = replica",
      bytes: (hex) => `'\\x${hex}'`,
      ipv4: (text) => `'${text}'`,
      fourOverSix: "interface_4o6",
      open: openPostgresqlConfig,
    },
    programs === undefined || schema === undefined ? undefined : () => start(programs, schema),
    (ground) => {
      describeRemoteCommands(() => ground().open(storedConfig4.tables));
      describeRemoteApi((tables) => ground().open(tables));
      describeConfigFaults(ground);
    },
  );
}
