/** How a connection to MySQL or MariaDB is opened and made ready. */
import { readFileSync } from "node:fs";
import type { Dialing } from "@kotare/core/daemon/database-session";
import { type DatabaseHost, type DatabaseSettings, isLocalSocket } from "@kotare/core/daemon/database-settings";
import type { ConnectionOptions } from "mysql2/promise";
import { type Connection, connect } from "./connection.ts";
import { ADDITIONS, checkVersion } from "./schema.ts";

/** Where the servers of Debian listen on this machine. */
const USUAL_SOCKET = "/run/mysqld/mysqld.sock";
const NO_SUCH_TABLE = 1146;

export const dialing: Dialing<Connection> = {
  connect: (settings, host, onLost) => connect(optionsOf(settings, host), settings.answerTimeout, onLost),
  async prepare(connection) {
    checkVersion(await readVersion(connection));
    await connection.run(ADDITIONS);
  },
};

export async function readVersion(connection: Connection): Promise<string | undefined> {
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
        ssl: {
          rejectUnauthorized: tls.verify !== "nothing",
          verifyIdentity: tls.verify === "name",
          ...(tls.trustAnchor !== undefined && { ca: readFileSync(tls.trustAnchor) }),
          ...(tls.certificate !== undefined && { cert: readFileSync(tls.certificate) }),
          ...(tls.key !== undefined && { key: readFileSync(tls.key) }),
          ...(tls.ciphers !== undefined && { ciphers: tls.ciphers }),
        },
      }),
  };
}
