import { describeDatabaseAccess } from "@kotare/core/databases/database-access.contract";
import type { DatabaseSettings } from "@kotare/core/databases/database-settings";
import { sqlFamily4 } from "@kotare/core/hosts/sql/sql-family4";
import { Authority } from "@kotare/testkit/certificates";
import { ownLoopback } from "@kotare/testkit/own-loopback";
import { openMysqlHosts } from "./hosts/open-mysql-hosts.ts";
import { openMysqlAdmin } from "./mysql-admin.ts";
import { openMysql4 } from "./open-mysql.ts";
import { openMysqlLog } from "./open-mysql-log.ts";
import { findMariadb, MariadbServer } from "./testing/mariadb-server.ts";

const root = findMariadb();
const RIGHTS = { all: "ALL", change: "SELECT, INSERT, UPDATE, DELETE", read: "SELECT" };
const PROOFS = { nothing: "NONE", tls: "SSL", certificate: "X509" };

async function start(programs: string) {
  const host = ownLoopback();
  const server = await MariadbServer.start(programs);
  const [authority, other] = ["authority", "other"].map((name) => new Authority(server.folder, name)) as [
    Authority,
    Authority,
  ];
  const own = authority.sign("server", "db.example");
  server.giveAway(own.key);
  await server.halt();
  await server.resume(
    "--skip-networking=0",
    `--bind-address=${host}`,
    "--port=3306",
    `--ssl-ca=${authority.anchor}`,
    `--ssl-cert=${own.certificate}`,
    `--ssl-key=${own.key}`,
  );
  // From now on it asks who comes.
  const root = "root@localhost";
  await server.query("", "FLUSH PRIVILEGES", `CREATE USER ${root}`, `GRANT ALL ON *.* TO ${root} WITH GRANT OPTION`);
  const query = (name: string, sql: string) => server.query(name, sql);
  return {
    local: { type: "mysql", host: server.socket },
    remote: { type: "mysql", host },
    administrator: "root",
    folder: server.folder,
    anchor: authority.anchor,
    otherAnchor: other.anchor,
    serverKey: own.key,
    client: authority.sign("client", "client.example"),
    createDatabase: (name: string) => server.createDatabase(name, []),
    async createUser(
      name: string,
      password: string,
      database: string,
      may: keyof typeof RIGHTS,
      proof: keyof typeof PROOFS,
    ) {
      await query("", `CREATE USER ${name} IDENTIFIED BY '${password}' REQUIRE ${PROOFS[proof]}`);
      await query("", `GRANT ${RIGHTS[may]} ON ${database}.* TO ${name}`);
    },
    open: (settings: DatabaseSettings) =>
      openMysql4(
        settings,
        () => undefined,
        () => {},
        () => {},
      ),
    openHosts: (settings: DatabaseSettings, isReadOnly: boolean) =>
      openMysqlHosts(
        sqlFamily4,
        { name: "hosts", isReadOnly, mayBeAway: false },
        settings,
        () => undefined,
        () => {},
      ),
    openLog: (settings: DatabaseSettings) =>
      openMysqlLog(
        settings,
        () => undefined,
        () => {},
        false,
      ),
    openAdmin: openMysqlAdmin,
    query,
    stop: () => server.stop(),
  };
}

describeDatabaseAccess(
  {
    name: "MariaDB",
    wrongPassword: "Access denied for user 'owner'",
    noPassword: "(using password: NO)",
    noRight: /DELETE command denied to user 'reader'/,
    noRightToHosts: /DELETE command denied to user 'reader'.*hosts/,
    noTable: /CREATE command denied .*kotare_clients_lease4/,
    unencrypted: "Access denied",
    uncertified: "Access denied",
  },
  root === undefined ? undefined : () => start(root),
);
