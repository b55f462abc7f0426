import { describeDatabaseHosts } from "@kotare/core/databases/database-hosts.contract";
import { SCHEMA } from "../schema.ts";
import { findPostgres, PostgresServer } from "../testing/postgres-server.ts";
import { openPostgresqlHosts } from "./open-postgresql-hosts.ts";

const programs = findPostgres();

async function start(folder: string) {
  const server = await PostgresServer.start(folder);
  return {
    local: { type: "postgresql", host: server.folder, user: "postgres" },
    createDatabase: (name: string) => server.createDatabase(name, SCHEMA),
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
    ipv6: (text) => `'${text}'`,
    ipv6Text: (column) => `host(${column})`,
    booleans: [false, true],
    number: String,
    open: openPostgresqlHosts,
  },
  programs === undefined ? undefined : () => start(programs),
);
