import { describeLegalDatabase } from "@kotare/core/extensions/legal-log/legal-database.contract";
import { openMysqlAdmin } from "./mysql-admin.ts";
import { openMysqlLog } from "./open-mysql-log.ts";
import { findMariadb, MariadbServer } from "./testing/mariadb-server.ts";

const root = findMariadb();

async function start(folder: string) {
  const server = await MariadbServer.start(folder);
  return {
    local: { type: "mysql", host: server.socket, user: "root" },
    createDatabase: (name: string) => server.createDatabase(name, []),
    createNarrowDatabase: async (name: string) =>
      void (await server.query("", `CREATE DATABASE ${name} CHARACTER SET latin1`)),
    query: (name: string, sql: string) => server.query(name, sql),
    halt: () => server.halt(),
    resume: () => server.resume(),
    stop: () => server.stop(),
  };
}

describeLegalDatabase(
  {
    name: "MariaDB",
    time: "UNIX_TIMESTAMP(timestamp) * 1000",
    exactness: 1000,
    open: openMysqlLog,
    openAdmin: openMysqlAdmin,
  },
  root === undefined ? undefined : () => start(root),
);
