import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeDatabaseAccess } from "@kotare/core/databases/database-access.contract";
import type { DatabaseSettings } from "@kotare/core/databases/database-settings";
import { sqlFamily4 } from "@kotare/core/hosts/sql/sql-family4";
import { Authority } from "@kotare/testkit/certificates";
import { ownLoopback } from "@kotare/testkit/own-loopback";
import { openPostgresqlHosts } from "./hosts/open-postgresql-hosts.ts";
import { openPostgresql4 } from "./open-postgresql.ts";
import { openPostgresqlLog } from "./open-postgresql-log.ts";
import { openPostgresqlAdmin } from "./postgresql-admin.ts";
import { findPostgres, PostgresServer } from "./testing/postgres-server.ts";

const programs = findPostgres();
const RIGHTS = { all: "ALL", change: "SELECT, INSERT, UPDATE, DELETE", read: "SELECT" };
const LETS_IN = `local all postgres trust
local all all scram-sha-256
hostssl all certified all scram-sha-256 clientcert=verify-ca
hostssl all all all scram-sha-256
`;

async function start(folder: string) {
  const host = ownLoopback();
  const server = await PostgresServer.start(folder);
  const [authority, other] = ["authority", "other"].map((name) => new Authority(server.folder, name)) as [
    Authority,
    Authority,
  ];
  const own = authority.sign("server", "db.example");
  server.giveAway(own.key);
  await server.halt();
  writeFileSync(join(server.data, "pg_hba.conf"), LETS_IN);
  await server.resume(
    `listen_addresses=${host}`,
    "ssl=on",
    `ssl_ca_file=${authority.anchor}`,
    `ssl_cert_file=${own.certificate}`,
    `ssl_key_file=${own.key}`,
  );
  const query = (name: string, sql: string) => server.query(name, sql);
  return {
    local: { type: "postgresql", host: server.folder },
    remote: { type: "postgresql", host },
    administrator: "postgres",
    folder: server.folder,
    anchor: authority.anchor,
    otherAnchor: other.anchor,
    serverKey: own.key,
    client: authority.sign("client", "client.example"),
    createDatabase: (name: string) => server.createDatabase(name, ""),
    async createUser(name: string, password: string, database: string, may: keyof typeof RIGHTS) {
      await query("postgres", `CREATE ROLE ${name} LOGIN PASSWORD '${password}'`);
      await query(database, `GRANT ${RIGHTS[may]} ON ALL TABLES IN SCHEMA public TO ${name}`);
    },
    open: (settings: DatabaseSettings) =>
      openPostgresql4(
        settings,
        () => undefined,
        () => {},
        () => {},
      ),
    openHosts: (settings: DatabaseSettings, isReadOnly: boolean) =>
      openPostgresqlHosts(
        sqlFamily4,
        { name: "hosts", isReadOnly, mayBeAway: false },
        settings,
        () => undefined,
        () => {},
      ),
    openLog: (settings: DatabaseSettings) =>
      openPostgresqlLog(
        settings,
        () => undefined,
        () => {},
        false,
      ),
    openAdmin: openPostgresqlAdmin,
    query,
    stop: () => server.stop(),
  };
}

describeDatabaseAccess(
  {
    name: "PostgreSQL",
    wrongPassword: 'password authentication failed for user "owner"',
    noPassword: "set password or password-file",
    noRight: /permission denied for table lease4/,
    noRightToHosts: /permission denied for table hosts/,
    noTable: /permission denied for schema public/,
    unencrypted: "no encryption",
    uncertified: "valid client certificate",
  },
  programs === undefined ? undefined : () => start(programs),
);
