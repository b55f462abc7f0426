import { LeaseDatabase } from "@kotare/core/config/schema/databases";
import { describeDatabaseAdmin } from "@kotare/core/daemon/database-admin.contract";
import { databaseSettings } from "@kotare/core/daemon/database-settings";
import { openMysqlAdmin } from "./mysql-admin.ts";
import { findMariadb, MariadbServer } from "./testing/mariadb-server.ts";

const root = findMariadb();

async function start(programs: string) {
  const server = await MariadbServer.start(programs);
  return {
    createDatabase: (name: string, sql: string) => server.createDatabase(name, sql === "" ? [] : [sql]),
    open(name: string) {
      const config = LeaseDatabase.parse({ type: "mysql", host: server.socket, user: "root", name });
      return openMysqlAdmin(databaseSettings(config));
    },
    query: (name: string, sql: string) => server.query(name, sql),
    stop: () => server.stop(),
  };
}

describeDatabaseAdmin(
  {
    name: "MariaDB",
    refusal: "it is not empty: there is a table lease6",
    dropTrigger: "DROP TRIGGER kotare_lease6_update",
  },
  root === undefined ? undefined : () => start(root),
);
