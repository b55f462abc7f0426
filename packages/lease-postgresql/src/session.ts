/** How a connection to PostgreSQL is opened and made ready. */
import { readFileSync } from "node:fs";
import type { Dialing } from "@kotare/core/daemon/database-session";
import {
  type DatabaseHost,
  type DatabaseSettings,
  isLocalSocket,
  type TlsSettings,
} from "@kotare/core/daemon/database-settings";
import type { ClientConfig } from "pg";
import { type Connection, connect } from "./connection.ts";
import { ADDITIONS, checkVersion, UNDEFINED_TABLE } from "./schema.ts";

export const dialing: Dialing<Connection> = {
  connect: (settings, host, onLost) => connect(configOf(settings, host), settings.answerTimeout, onLost),
  async prepare(connection) {
    checkVersion(await readVersion(connection));
    await connection.script(ADDITIONS);
  },
};

async function readVersion(connection: Connection): Promise<string | undefined> {
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

function tlsOptions({ trustAnchor, certificate, key, verify }: TlsSettings) {
  return {
    rejectUnauthorized: verify !== "nothing",
    ...(trustAnchor !== undefined && { ca: readFileSync(trustAnchor) }),
    ...(certificate !== undefined && { cert: readFileSync(certificate) }),
    ...(key !== undefined && { key: readFileSync(key) }),
    ...(verify !== "name" && { checkServerIdentity: () => undefined }),
  };
}
