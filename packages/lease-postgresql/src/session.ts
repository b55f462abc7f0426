/** The two connections of a server to its database, which come and go together. */
import { readFileSync } from "node:fs";
import {
  type DatabaseHost,
  type DatabaseSettings,
  isLocalSocket,
  type TlsSettings,
} from "@kotare/core/daemon/database-settings";
import type { ClientConfig } from "pg";
import { type Connection, connect } from "./connection.ts";
import { ADDITIONS, checkVersion, UNDEFINED_TABLE } from "./schema.ts";

/** What is read does not wait for what is being written, and that for the disk. */
export interface Session {
  readonly reading: Connection;
  readonly writing: Connection;
}

/** On the first of the hosts that answers. @throws the last one's error */
export async function openSession(settings: DatabaseSettings, onLost: (error: Error) => void): Promise<Session> {
  let failure = new Error("no host is named");
  for (const host of settings.hosts) {
    try {
      return await openOn(configOf(settings, host), settings.answerTimeout, onLost);
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
    }
  }
  throw failure;
}

async function openOn(config: ClientConfig, answerTimeout: number, onLost: (error: Error) => void): Promise<Session> {
  const opened: Connection[] = [];
  let isOver = false;
  const end = (error: Error) => {
    if (isOver) return;
    isOver = true;
    for (const connection of opened) void connection.close();
    onLost(error);
  };
  try {
    for (let i = 0; i < 2; i++) opened.push(await connect(config, answerTimeout, end));
    const [reading, writing] = opened as [Connection, Connection];
    checkVersion(await readVersion(writing));
    await writing.script(ADDITIONS);
    return { reading, writing };
  } catch (error) {
    isOver = true;
    for (const connection of opened) void connection.close();
    throw error;
  }
}

async function readVersion(connection: Connection): Promise<string | undefined> {
  const query = { name: "", text: "SELECT version, minor FROM schema_version", values: [] };
  const [rows] = await connection.run([query]).catch((error: Error & { code?: string }) => {
    if (error.code === UNDEFINED_TABLE) return [];
    throw error;
  });
  return rows?.[0]?.join(".");
}

export async function closeSession({ reading, writing }: Session): Promise<void> {
  await Promise.all([reading.close(), writing.close()]);
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
