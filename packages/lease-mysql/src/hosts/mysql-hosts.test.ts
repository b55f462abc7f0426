import { describeDatabaseHosts } from "@kotare/core/databases/database-hosts.contract";
import { SCHEMA } from "../schema.ts";
import { findMariadb, MariadbServer } from "../testing/mariadb-server.ts";
import { openMysqlHosts } from "./open-mysql-hosts.ts";

const root = findMariadb();

async function start(programs: string) {
  const server = await MariadbServer.start(programs);
  return {
    local: { type: "mysql", host: server.socket, user: "root" },
    createDatabase: (name: string) => server.createDatabase(name, SCHEMA),
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
    ipv6: (text) => `INET6_ATON('${text}')`,
    ipv6Text: (column) => `INET6_NTOA(${column})`,
    booleans: [0, 1],
    number: Number,
    open: openMysqlHosts,
  },
  root === undefined ? undefined : () => start(root),
);
