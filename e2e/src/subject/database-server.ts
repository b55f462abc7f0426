/** Database servers that hold leases, each as the tests need it. */
import { dirname, join } from "node:path";
import { LeaseDatabase } from "@kotare/core/config/schema/databases";
import type { DatabaseAdmin, OpenAdmin } from "@kotare/core/databases/database-admin";
import { databaseSettings } from "@kotare/core/databases/database-settings";
import { keaSchema } from "@kotare/core/databases/testing/kea-scripts";
import { formatIpv4 } from "@kotare/core/ip/ipv4";
import { openMysqlAdmin } from "@kotare/mysql/mysql-admin";
import { SCHEMA as MYSQL_SCHEMA } from "@kotare/mysql/schema/schema";
import { findMariadb, MariadbServer } from "@kotare/mysql/testing/mariadb-server";
import { openPostgresqlAdmin } from "@kotare/postgresql/postgresql-admin";
import { SCHEMA as POSTGRESQL_SCHEMA } from "@kotare/postgresql/schema/schema";
import { findPostgres, PostgresServer } from "@kotare/postgresql/testing/postgres-server";
import { top } from "../top.ts";
import { IA_PD, type LeaseRow } from "./lease-file.ts";
import type { Family } from "./server.ts";

export interface DatabaseServer {
  /** The file by which programs on this machine reach it. */
  readonly socket: string;
  /** The folder with everything that it keeps. */
  readonly data: string;
  /** A database with our schema for Kea 2.6, or with what the script makes. */
  create(name: string, script?: string): Promise<void>;
  /** A database with our schema for Kea 3.0. */
  createForKea30(name: string): Promise<void>;
  /** Takes its tables to Kea 3.0's schema. */
  upgrade(name: string): Promise<void>;
  /** What `db check` finds. */
  check(name: string): Promise<readonly string[]>;
  /** Somebody who may do everything. */
  createUser(name: string): Promise<void>;
  /** What stands in `lease-database`. @param socket another way to it */
  settings(name: string, socket?: string): Readonly<Record<string, unknown>>;
  /** The same for Kea, and what it is to be started under. */
  keaSettings(name: string): {
    readonly settings: Readonly<Record<string, unknown>>;
    readonly under: readonly string[];
  };
  /** What Kea 3 needs to reach it. */
  readonly keaLibrary: string;
  query(name: string, sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** A statement that lets the server see how much is in tables. */
  analyze(...tables: readonly string[]): string;
  /** Makes bytes of hexadecimal digits. */
  bytes(digits: string): string;
  /** Makes hexadecimal digits of a column. */
  hex(column: string): string;
  /** Makes text of a column with an IPv6 address, and seconds since 1970 of one with a time. */
  ipv6(column: string): string;
  seconds(column: string): string;
  halt(): Promise<void>;
  resume(options?: { readonly readOnly?: boolean }): Promise<void>;
  stop(): Promise<void>;
}

export interface DatabaseKind {
  readonly name: string;
  /** Debian's package. */
  readonly package: string;
  /** The name of its processes. */
  readonly program: string;
  /**
   * `undefined` when it is not installed.
   * @param isDurable whether what it has committed outlives the machine; default false: that is its own business
   */
  readonly start: ((isDurable?: boolean) => Promise<DatabaseServer>) | undefined;
  /** The script of what `kea-admin` makes; `undefined` when Kea is not installed. */
  readonly keaSchema: string | undefined;
  readonly kea30Schema: string | undefined;
}

export const databaseKinds: readonly DatabaseKind[] = [
  {
    name: "PostgreSQL",
    package: "postgresql-17",
    program: "postgres",
    start: findPostgres(top) === undefined ? undefined : startPostgres,
    keaSchema: keaSchema("PostgreSQL", "2.6", top),
    kea30Schema: keaSchema("PostgreSQL", "3.0", top),
  },
  {
    name: "MariaDB",
    package: "mariadb-server-core",
    program: "mariadbd",
    start: findMariadb(top) === undefined ? undefined : startMariadb,
    keaSchema: keaSchema("MariaDB", "2.6", top),
    kea30Schema: keaSchema("MariaDB", "3.0", top),
  },
];

/** What Kea's table says now, as a lease file would. */
export async function readTable(server: DatabaseServer, name: string, family: Family): Promise<Map<string, LeaseRow>> {
  const { hex, ipv6, seconds } = server;
  const columns =
    family === 4
      ? `address, ${hex("client_id")} AS client`
      : `${ipv6("address")} AS address, ${hex("duid")} AS client, iaid, pref_lifetime, lease_type, prefix_len`;
  const rows = await server.query(
    name,
    `SELECT ${columns}, ${hex("hwaddr")} AS hwaddr, valid_lifetime, ${seconds("expire")} AS expire, subnet_id, hostname, state, user_context
    FROM lease${family}`,
  );
  const colons = (digits: unknown) => String(digits ?? "").replace(/..(?!$)/g, "$&:");
  const leases = rows.map((row): LeaseRow => {
    const address = family === 4 ? formatIpv4(Number(row["address"])) : String(row["address"]);
    return {
      address: String(row["lease_type"]) === IA_PD ? `${address}/${row["prefix_len"]}` : address,
      hwaddr: colons(row["hwaddr"]),
      clientId: colons(row["client"]),
      iaid: Number(row["iaid"]),
      preferredLifetime: Number(row["pref_lifetime"]),
      validLifetime: Number(row["valid_lifetime"]),
      expire: Number(row["expire"]),
      subnetId: Number(row["subnet_id"]),
      hostname: String(row["hostname"] ?? ""),
      state: Number(row["state"]),
      userContext: String(row["user_context"] ?? ""),
    };
  });
  return new Map(leases.map((lease) => [lease.address, lease]));
}

function administration(
  open: OpenAdmin,
  createEmpty: (name: string) => Promise<void>,
  settings: (name: string) => object,
): Pick<DatabaseServer, "createForKea30" | "upgrade" | "check"> {
  async function asAdmin<T>(name: string, work: (admin: DatabaseAdmin) => Promise<T>): Promise<T> {
    const admin = await open(databaseSettings(LeaseDatabase.parse(settings(name))));
    return await work(admin).finally(() => admin.close());
  }
  return {
    async createForKea30(name) {
      await createEmpty(name);
      await asAdmin(name, (admin) => admin.init("3.0"));
    },
    upgrade: (name) =>
      asAdmin(name, async (admin) => {
        for (const { run } of await admin.planKea30()) await run();
      }),
    check: (name) => asAdmin(name, (admin) => admin.check()),
  };
}

async function startPostgres(isDurable = false): Promise<DatabaseServer> {
  const server = await PostgresServer.start(findPostgres(top)!, { isDurable });
  const own = join(server.folder, ".s.PGSQL.5432");
  const settings = (name: string, socket = own) => ({
    type: "postgresql",
    host: dirname(socket),
    user: "postgres",
    name,
  });
  return {
    socket: own,
    data: server.data,
    create: (name, script = POSTGRESQL_SCHEMA) => server.createDatabase(name, script),
    ...administration(openPostgresqlAdmin, (name) => server.createDatabase(name, "SELECT 1"), settings),
    createUser: async (name) => void (await server.query("postgres", `CREATE ROLE ${name} SUPERUSER LOGIN`)),
    settings,
    keaLibrary: "libdhcp_pgsql.so",
    keaSettings: (name) => ({
      settings: { type: "postgresql", host: server.folder, user: "postgres", name },
      under: [],
    }),
    query: (name, sql) => server.query(name, sql),
    analyze: (...tables) => `ANALYZE ${tables.join(", ")}`,
    bytes: (digits) => `'\\x${digits}'::bytea`,
    hex: (column) => `encode(${column}, 'hex')`,
    ipv6: (column) => `host(${column})`,
    seconds: (column) => `EXTRACT(EPOCH FROM ${column})`,
    halt: () => server.halt(),
    resume: ({ readOnly = false } = {}) => server.resume(...(readOnly ? ["default_transaction_read_only=on"] : [])),
    stop: () => server.stop(),
  };
}

async function startMariadb(isDurable = false): Promise<DatabaseServer> {
  const durable = isDurable ? ["--innodb-flush-log-at-trx-commit=1"] : [];
  const server = await MariadbServer.start(findMariadb(top)!, ...durable);
  const settings = (name: string, socket = server.socket) => ({ type: "mysql", host: socket, user: "root", name });
  return {
    socket: server.socket,
    data: server.data,
    create: (name, script) => server.createDatabase(name, script === undefined ? MYSQL_SCHEMA : [script]),
    ...administration(openMysqlAdmin, (name) => server.createDatabase(name, []), settings),
    // It knows nobody, and lets everybody in.
    createUser: () => Promise.resolve(),
    settings,
    keaLibrary: "libdhcp_mysql.so",
    // It takes no socket, its library does.
    keaSettings: (name) => ({
      settings: { type: "mysql", host: "localhost", user: "root", name },
      under: ["env", `MYSQL_UNIX_PORT=${server.socket}`],
    }),
    query: (name, sql) => server.query(name, sql),
    analyze: (...tables) => `ANALYZE TABLE ${tables.join(", ")}`,
    bytes: (digits) => `X'${digits}'`,
    hex: (column) => `LOWER(HEX(${column}))`,
    ipv6: (column) => `INET6_NTOA(${column})`,
    seconds: (column) => `UNIX_TIMESTAMP(${column})`,
    halt: () => server.halt(),
    resume: ({ readOnly = false } = {}) => server.resume(...(readOnly ? ["--transaction-read-only"] : [])),
    stop: () => server.stop(),
  };
}
