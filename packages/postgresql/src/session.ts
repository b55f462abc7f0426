/** How a connection to PostgreSQL is opened and made ready. */
import { NO_CONFIG_TABLES } from "@kotare/core/config-database/config-database";
import type { TablesOf } from "@kotare/core/config-database/tables/config-tables";
import { type Dialing, tellOfUpgrade } from "@kotare/core/databases/database-session";
import { type DatabaseHost, type DatabaseSettings, isLocalSocket } from "@kotare/core/databases/database-settings";
import { nodeTlsOptions, type TlsSettings } from "@kotare/core/databases/database-tls";
import { TRY_TO_LOG } from "@kotare/core/databases/sql-log";
import { readVersion } from "@kotare/core/leases/database/kea-schema";
import type { SqlTable } from "@kotare/core/leases/database/sql-columns";
import type { ClientConfig } from "pg";
import { type Connection, connect } from "./connection.ts";
import { ADDITIONS, KEA_SCHEMAS, UNDEFINED_TABLE } from "./schema/schema.ts";

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
      await connection.script(`SELECT FROM ${claims} LIMIT 0`).catch((error: Error & { code?: string }) => {
        if (error.code !== UNDEFINED_TABLE) throw error;
        return connection.script(ADDITIONS).catch(tellOfUpgrade);
      });
      await connection.script(`SELECT ${columns.map((column) => column.name).join(", ")} FROM ${name} LIMIT 0`);
      await connection.script(`DELETE FROM ${name} WHERE FALSE`);
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
      const statement = isReadOnly ? "SELECT FROM hosts LIMIT 0" : "DELETE FROM hosts WHERE FALSE";
      await connection.script(statement).catch((error: Error & { code?: string }) => {
        throw error.code === UNDEFINED_TABLE ? tellOfUpgrade(error) : error;
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
    await connection.script(TRY_TO_LOG).catch((error: Error & { code?: string }) => {
      throw error.code === UNDEFINED_TABLE ? tellOfUpgrade(error) : error;
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
      await connection.script(`SELECT FROM dhcp${family}_audit LIMIT 0`).catch((error: Error & { code?: string }) => {
        throw error.code === UNDEFINED_TABLE ? new Error(`${error.message}; ${NO_CONFIG_TABLES}`) : error;
      });
      return schema;
    },
  };
}

function connectTo(settings: DatabaseSettings, host: DatabaseHost, onLost: (error: Error) => void) {
  return connect(configOf(settings, host), settings.answerTimeout, onLost);
}

async function findVersion(connection: Connection): Promise<string | undefined> {
  const query = { name: "", text: "SELECT version, minor FROM schema_version", values: [] };
  const [rows] = await connection.run([query]).catch((error: Error & { code?: string }) => {
    if (error.code === UNDEFINED_TABLE) return [];
    throw error;
  });
  return rows?.[0]?.join(".");
}

/** What `pg` calls the settings. */
export function configOf(settings: DatabaseSettings, host: DatabaseHost): ClientConfig {
  const { name, user, connectTimeout, tls } = settings;
  const password = settings.password();
  return {
    host: host.host,
    port: host.port || 5432,
    database: name,
    ...(user !== "" && { user }),
    ...(password !== undefined && { password }),
    connectionTimeoutMillis: connectTimeout,
    ...(tls !== undefined && !isLocalSocket(host) && { ssl: tlsOptions(tls) }),
  };
}

function tlsOptions(tls: TlsSettings) {
  return { ...nodeTlsOptions(tls), ...(tls.verify !== "name" && { checkServerIdentity: () => undefined }) };
}
