/** Database servers that hold leases, each as the tests need it. */
import { SCHEMA as MYSQL_SCHEMA } from "@kotare/lease-mysql/schema";
import { findMariadb, MariadbServer } from "@kotare/lease-mysql/testing/mariadb-server";
import { SCHEMA as POSTGRESQL_SCHEMA } from "@kotare/lease-postgresql/schema";
import { findPostgres, PostgresServer } from "@kotare/lease-postgresql/testing/postgres-server";

export interface DatabaseServer {
  /** A database with our schema, or with what the script makes. */
  create(name: string, script?: string): Promise<void>;
  /** What stands in `lease-database`. */
  settings(name: string): Readonly<Record<string, unknown>>;
  /** The same for Kea, and what it is to be started under. */
  keaSettings(name: string): {
    readonly settings: Readonly<Record<string, unknown>>;
    readonly under: readonly string[];
  };
  query(name: string, sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Makes hexadecimal digits of a column. */
  hex(column: string): string;
  halt(): Promise<void>;
  resume(): Promise<void>;
  stop(): Promise<void>;
}

/** By name; those that are not installed are `undefined`. */
export const databaseServers: Readonly<Record<string, (() => Promise<DatabaseServer>) | undefined>> = {
  PostgreSQL: findPostgres() === undefined ? undefined : startPostgres,
  MariaDB: findMariadb() === undefined ? undefined : startMariadb,
};

async function startPostgres(): Promise<DatabaseServer> {
  const server = await PostgresServer.start(findPostgres()!);
  return {
    create: (name, script = POSTGRESQL_SCHEMA) => server.createDatabase(name, script),
    settings: (name) => ({ type: "postgresql", host: server.folder, user: "postgres", name }),
    keaSettings: (name) => ({
      settings: { type: "postgresql", host: server.folder, user: "postgres", name },
      under: [],
    }),
    query: (name, sql) => server.query(name, sql),
    hex: (column) => `encode(${column}, 'hex')`,
    halt: () => server.halt(),
    resume: () => server.resume(),
    stop: () => server.stop(),
  };
}

async function startMariadb(): Promise<DatabaseServer> {
  const server = await MariadbServer.start(findMariadb()!);
  return {
    create: (name, script) => server.createDatabase(name, script === undefined ? MYSQL_SCHEMA : [script]),
    settings: (name) => ({ type: "mysql", host: server.socket, user: "root", name }),
    // It takes no socket, its library does.
    keaSettings: (name) => ({
      settings: { type: "mysql", host: "localhost", user: "root", name },
      under: ["env", `MYSQL_UNIX_PORT=${server.socket}`],
    }),
    query: (name, sql) => server.query(name, sql),
    hex: (column) => `LOWER(HEX(${column}))`,
    halt: () => server.halt(),
    resume: () => server.resume(),
    stop: () => server.stop(),
  };
}
