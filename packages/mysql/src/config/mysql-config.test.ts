import { storedConfig4 } from "@kotare/core/config-database/stored-config4";
import { describeConfigFaults } from "@kotare/core/databases/config-faults.contract";
import { describeDatabaseConfig } from "@kotare/core/databases/database-config.contract";
import { keaSchema } from "@kotare/core/databases/testing/kea-scripts";
import { KEA_RELEASES } from "@kotare/core/leases/database/kea-schema";
import { describeRemoteApi } from "@kotare/core/server/databases/remote-api.contract";
import { describeRemoteCommands } from "@kotare/core/server/databases/remote-commands.contract";
import { findMariadb, MariadbServer } from "../testing/mariadb-server.ts";
import { openMysqlConfig } from "./open-mysql-config.ts";

const root = findMariadb();

async function start(folder: string, script: string) {
  const server = await MariadbServer.start(folder);
  return {
    local: { type: "mysql", host: server.socket, user: "root" },
    createDatabase: (name: string) => server.createDatabase(name, [script]),
    query: (name: string, sql: string) => server.query(name, sql),
    halt: () => server.halt(),
    resume: () => server.resume(),
    stop: () => server.stop(),
  };
}

for (const kea of KEA_RELEASES) {
  const schema = keaSchema("MariaDB", kea);
  describeDatabaseConfig(
    {
      name: "MariaDB",
      kea,
      beginRevision: (family) => `CALL createAuditRevisionDHCP${family}(NOW(), 'all', 'a test', 1)`,
      withoutForeignKeys: "SET FOREIGN_KEY_CHECKS = 0",
      bytes: (hex) => `X'${hex}'`,
      ipv4: (text) => `INET_ATON('${text}')`,
      fourOverSix: "`4o6_interface`",
      open: openMysqlConfig,
    },
    root === undefined || schema === undefined ? undefined : () => start(root, schema),
    (ground) => {
      describeRemoteCommands(() => ground().open(storedConfig4.tables));
      describeRemoteApi((tables) => ground().open(tables));
      describeConfigFaults(ground);
    },
  );
}
