/** The two connections of a server to its database, which come and go together. */
import { readFileSync } from "node:fs";
import { type DatabaseHost, type DatabaseSettings, isLocalSocket } from "@kotare/core/daemon/database-settings";
import type { ConnectionOptions } from "mysql2/promise";
import { type Connection, connect } from "./connection.ts";
import { ADDITIONS, checkVersion } from "./schema.ts";

/** What is read does not wait for what is being written, and that for the disk. */
export interface Session {
  readonly reading: Connection;
  readonly writing: Connection;
}

/** Where the servers of Debian listen on this machine. */
const USUAL_SOCKET = "/run/mysqld/mysqld.sock";
const NO_SUCH_TABLE = 1146;

/** On the first of the hosts that answers, so that all servers write to one node of a cluster. @throws the last one's error */
export async function openSession(settings: DatabaseSettings, onLost: (error: Error) => void): Promise<Session> {
  let failure = new Error("no host is named");
  for (const host of settings.hosts) {
    try {
      return await openOn(optionsOf(settings, host), settings.answerTimeout, onLost);
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
    }
  }
  throw failure;
}

async function openOn(options: ConnectionOptions, timeout: number, onLost: (error: Error) => void): Promise<Session> {
  const opened: Connection[] = [];
  let isOver = false;
  const end = (error: Error) => {
    if (isOver) return;
    isOver = true;
    for (const connection of opened) void connection.close();
    onLost(error);
  };
  try {
    for (let i = 0; i < 2; i++) opened.push(await connect(options, timeout, end));
    const [reading, writing] = opened as [Connection, Connection];
    checkVersion(await readVersion(writing));
    await writing.run(ADDITIONS);
    return { reading, writing };
  } catch (error) {
    isOver = true;
    for (const connection of opened) void connection.close();
    throw error;
  }
}

export async function readVersion(connection: Connection): Promise<string | undefined> {
  const [rows] = await connection
    .run(["SELECT version, minor FROM schema_version"])
    .catch((error: { errno?: number }) => {
      if (error.errno === NO_SUCH_TABLE) return [];
      throw error;
    });
  return rows?.[0]?.join(".");
}

export async function closeSession({ reading, writing }: Session): Promise<void> {
  await Promise.all([reading.close(), writing.close()]);
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
