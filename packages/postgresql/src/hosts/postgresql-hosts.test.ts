import { LeaseDatabase } from "@kotare/core/config/schema/databases";
import { describeDatabaseHosts } from "@kotare/core/databases/database-hosts.contract";
import { databaseSettings } from "@kotare/core/databases/database-settings";
import type { KeaRelease } from "@kotare/core/leases/database/kea-schema";
import { openPostgresqlAdmin } from "../postgresql-admin.ts";
import { findPostgres, PostgresServer } from "../testing/postgres-server.ts";
import { openPostgresqlHosts } from "./open-postgresql-hosts.ts";

const programs = findPostgres();

async function start(folder: string) {
  const server = await PostgresServer.start(folder);
  const local = { type: "postgresql", host: server.folder, user: "postgres" };
  return {
    local,
    async createDatabase(name: string, kea: KeaRelease = "2.6") {
      await server.createDatabase(name, "SELECT 1");
      const admin = await openPostgresqlAdmin(databaseSettings(LeaseDatabase.parse({ ...local, name })));
      await admin.init(kea).finally(() => admin.close());
    },
    query: (name: string, sql: string) => server.query(name, sql),
    halt: () => server.halt(),
    resume: () => server.resume(),
    stop: () => server.stop(),
  };
}

describeDatabaseHosts(
  {
    name: "PostgreSQL",
    bytes: (hex) => `'\\x${hex}'`,
    hex: (column) => `upper(encode(${column}, 'hex'))`,
    demandClasses: (table) => `ALTER TABLE ${table} ALTER COLUMN client_classes SET NOT NULL`,
    ipv6: (text) => `'${text}'`,
    ipv6Text: (column) => `host(${column})`,
    booleans: [false, true],
    number: String,
    open: openPostgresqlHosts,
  },
  programs === undefined ? undefined : () => start(programs),
);
