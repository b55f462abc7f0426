/** How a connection to MySQL or MariaDB is opened and made ready. */
import { NO_CONFIG_TABLES } from "@kotare/core/config-database/config-database";
import type { TablesOf } from "@kotare/core/config-database/tables/config-tables";
import { type Dialing, tellOfUpgrade } from "@kotare/core/databases/database-session";
import { type DatabaseHost, type DatabaseSettings, isLocalSocket } from "@kotare/core/databases/database-settings";
import { nodeTlsOptions } from "@kotare/core/databases/database-tls";
import { TRY_TO_LOG } from "@kotare/core/databases/sql-log";
import { readVersion } from "@kotare/core/leases/database/kea-schema";
import type { SqlTable } from "@kotare/core/leases/database/sql-columns";
import type { ConnectionOptions } from "mysql2/promise";
import { type Connection, connect } from "./connection.ts";
import { ADDITIONS, KEA_SCHEMAS } from "./schema/schema.ts";

/** Where the servers of Debian listen on this machine. */
const USUAL_SOCKET = "/run/mysqld/mysqld.sock";
const NO_SUCH_TABLE = 1146;

/** @param table of the leases: whoever may not change it, lacks a column, or finds a server that takes no changes, is turned away */
export function dialing({
  name,
  claims,
  columns,
}: Pick<SqlTable<never>, "name" | "claims" | "columns">): Dialing<Connection> {
  return {
    connect: connectTo,
    async prepare(connection) {
      const schema = readVersion(await findVersion(connection), KEA_SCHEMAS);
      await connection.run([`SELECT 1 FROM ${claims} LIMIT 0`]).catch((error: { errno?: number }) => {
        if (error.errno !== NO_SUCH_TABLE) throw error;
        return connection.run(ADDITIONS).catch(tellOfUpgrade);
      });
      await connection.run([`SELECT ${columns.map((column) => column.name).join(", ")} FROM ${name} LIMIT 0`]);
      await connection.run([`DELETE FROM ${name} WHERE FALSE`]);
      return schema;
    },
  };
}

/** For reservations: whoever may not change them is turned away, unless the database is for reading. */
export function hostDialing(isReadOnly: boolean): Dialing<Connection> {
  return {
    connect: connectTo,
    async prepare(connection) {
      const schema = readVersion(await findVersion(connection), KEA_SCHEMAS);
      const statement = isReadOnly ? "SELECT 1 FROM hosts LIMIT 0" : "DELETE FROM hosts WHERE FALSE";
      await connection.run([statement]).catch((error: Error & { errno?: number }) => {
        throw error.errno === NO_SUCH_TABLE ? tellOfUpgrade(error) : error;
      });
      return schema;
    },
  };
}

/** For the forensic log: whoever may not add to it is turned away. */
export const logDialing: Dialing<Connection> = {
  connect: connectTo,
  async prepare(connection) {
    const schema = readVersion(await findVersion(connection), KEA_SCHEMAS);
    await connection.run([TRY_TO_LOG]).catch((error: Error & { errno?: number }) => {
      throw error.errno === NO_SUCH_TABLE ? tellOfUpgrade(error) : error;
    });
    return schema;
  },
};

/** For configuration. */
export function configDialing({ family }: Pick<TablesOf, "family">): Dialing<Connection> {
  return {
    connect: connectTo,
    async prepare(connection) {
      const schema = readVersion(await findVersion(connection), KEA_SCHEMAS);
      await connection.run([`SELECT 1 FROM dhcp${family}_audit LIMIT 0`]).catch((error: Error & { errno?: number }) => {
        throw error.errno === NO_SUCH_TABLE ? new Error(`${error.message}; ${NO_CONFIG_TABLES}`) : error;
      });
      return schema;
    },
  };
}

function connectTo(settings: DatabaseSettings, host: DatabaseHost, onLost: (error: Error) => void) {
  return connect(optionsOf(settings, host), settings.answerTimeout, onLost);
}

export async function findVersion(connection: Connection): Promise<string | undefined> {
  const [rows] = await connection
    .run(["SELECT version, minor FROM schema_version"])
    .catch((error: { errno?: number }) => {
      if (error.errno === NO_SUCH_TABLE) return [];
      throw error;
    });
  return rows?.[0]?.join(".");
}

/** What `mysql2` calls the settings; `localhost` is the socket, as in MySQL's own clients. */
export function optionsOf(settings: DatabaseSettings, host: DatabaseHost): ConnectionOptions {
  const { name, user, connectTimeout, tls } = settings;
  const password = settings.password();
  const isUsual = host.host === "localhost" && host.port === 0;
  const socket = isLocalSocket(host) ? host.host : isUsual ? USUAL_SOCKET : undefined;
  return {
    ...(socket === undefined ? { host: host.host, port: host.port || 3306 } : { socketPath: socket }),
    database: name,
    user,
    ...(password !== undefined && { password }),
    connectTimeout,
    ...(tls !== undefined &&
      socket === undefined && {
        ssl: { ...nodeTlsOptions(tls), verifyIdentity: tls.verify === "name" },
      }),
  };
}
