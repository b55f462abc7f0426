import { LeaseDatabase } from "@kotare/core/config/schema/databases";
import { describeDatabaseHosts } from "@kotare/core/databases/database-hosts.contract";
import { databaseSettings } from "@kotare/core/databases/database-settings";
import type { KeaRelease } from "@kotare/core/leases/database/kea-schema";
import { openMysqlAdmin } from "../mysql-admin.ts";
import { findMariadb, MariadbServer } from "../testing/mariadb-server.ts";
import { openMysqlHosts } from "./open-mysql-hosts.ts";

const root = findMariadb();

async function start(programs: string) {
  const server = await MariadbServer.start(programs);
  const local = { type: "mysql", host: server.socket, user: "root" };
  return {
    local,
    async createDatabase(name: string, kea: KeaRelease = "2.6") {
      await server.createDatabase(name, []);
      const admin = await openMysqlAdmin(databaseSettings(LeaseDatabase.parse({ ...local, name })));
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
    name: "MariaDB",
    bytes: (hex) => `X'${hex}'`,
    hex: (column) => `HEX(${column})`,
    demandClasses: (table) => `ALTER TABLE ${table} MODIFY COLUMN client_classes LONGTEXT NOT NULL`,
    ipv6: (text) => `INET6_ATON('${text}')`,
    ipv6Text: (column) => `INET6_NTOA(${column})`,
    booleans: [0, 1],
    number: Number,
    open: openMysqlHosts,
  },
  root === undefined ? undefined : () => start(root),
);
