import { describeLegalDatabase } from "@kotare/core/extensions/legal-log/legal-database.contract";
import { openPostgresqlLog } from "./open-postgresql-log.ts";
import { openPostgresqlAdmin } from "./postgresql-admin.ts";
import { findPostgres, PostgresServer } from "./testing/postgres-server.ts";

const programs = findPostgres();

async function start(folder: string) {
  const server = await PostgresServer.start(folder);
  return {
    local: { type: "postgresql", host: server.folder, user: "postgres" },
    createDatabase: (name: string) => server.createDatabase(name, ""),
    createNarrowDatabase: async (name: string) =>
      void (await server.query("postgres", `CREATE DATABASE ${name} ENCODING LATIN1 LOCALE 'C' TEMPLATE template0`)),
    query: (name: string, sql: string) => server.query(name, sql),
    halt: () => server.halt(),
    resume: () => server.resume(),
    stop: () => server.stop(),
  };
}

describeLegalDatabase(
  {
    name: "PostgreSQL",
    time: "extract(epoch from timestamp) * 1000",
    exactness: 1,
    open: openPostgresqlLog,
    openAdmin: openPostgresqlAdmin,
  },
  programs === undefined ? undefined : () => start(programs),
);
