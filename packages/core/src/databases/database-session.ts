/** The connections of a server to its database: they come and go together, on the first of its hosts that answers. */

import type { RetrySchedule } from "../base/retry.ts";
import type { SchemaVersion } from "../leases/database/kea-schema.ts";
import { type DatabaseHost, type DatabaseSettings, describeHost } from "./database-settings.ts";
import { type ConnectionEvent, Reconnecting } from "./reconnecting.ts";

/** What is read does not wait for what is being written, and that for the disk; nor for what takes long to read. */
export interface Session<Connection> {
  readonly reading: Connection;
  /** For what goes through many leases. */
  readonly searching: Connection;
  readonly writing: Connection;
  /** Of the database, as it was found. */
  readonly schema: SchemaVersion;
}

/** What a kind of database does its own way. */
export interface Dialing<Connection extends { close(): Promise<void> }> {
  /** @param onLost called once when the connection ends by itself */
  connect(settings: DatabaseSettings, host: DatabaseHost, onLost: (error: Error) => void): Promise<Connection>;
  /** Sees that the schema is one we know, and adds what is ours. @throws what is wrong with it, in words */
  prepare(connection: Connection): Promise<SchemaVersion>;
}

/** For a user who may not make the tables that are ours. */
export function tellOfUpgrade(error: Error): never {
  throw new Error(`${error.message}; a user who may make tables makes ours with "db upgrade"`, { cause: error });
}

/**
 * Connects, and again whenever the session is lost. Rejects when the first time fails on every host.
 * @param mayBeAway whether a first time that fails is like a loss
 */
export async function openSessions<Connection extends { close(): Promise<void> }>(
  dialing: Dialing<Connection>,
  settings: DatabaseSettings,
  schedule: RetrySchedule,
  report: (event: ConnectionEvent) => void,
  mayBeAway = false,
): Promise<Reconnecting<Session<Connection>>> {
  const sessions = new Reconnecting<Session<Connection>>({
    open: (onLost) => openOnFirst(dialing, settings, onLost),
    close: async (session) =>
      void (await Promise.all([session.reading, session.searching, session.writing].map((each) => each.close()))),
    schedule,
    report,
  });
  await (mayBeAway ? sessions.openInTime() : sessions.open());
  return sessions;
}

/** All servers try the hosts in the same order, so that they write to one node of a cluster. */
async function openOnFirst<Connection extends { close(): Promise<void> }>(
  dialing: Dialing<Connection>,
  settings: DatabaseSettings,
  onLost: (error: Error) => void,
): Promise<Session<Connection>> {
  const failures: string[] = [];
  for (const host of settings.hosts) {
    try {
      return await openOn(dialing, settings, host, onLost);
    } catch (error) {
      if (settings.hosts.length === 1) throw error;
      failures.push(`${describeHost(host)}: ${(error as Error).message}`);
    }
  }
  throw new Error(failures.join("; "));
}

async function openOn<Connection extends { close(): Promise<void> }>(
  { connect, prepare }: Dialing<Connection>,
  settings: DatabaseSettings,
  host: DatabaseHost,
  onLost: (error: Error) => void,
): Promise<Session<Connection>> {
  const opened: Connection[] = [];
  let isOver = false;
  const end = () => {
    isOver = true;
    for (const connection of opened) void connection.close();
  };
  const lose = (error: Error) => {
    if (isOver) return;
    end();
    onLost(error);
  };
  const open = async () => {
    const connection = await connect(settings, host, lose);
    // Another one has failed meanwhile.
    if (isOver) void connection.close();
    else opened.push(connection);
    return connection;
  };
  try {
    const [reading, searching, writing] = await Promise.all([open(), open(), open()]);
    const schema = await prepare(writing);
    return { reading, searching, writing, schema };
  } catch (error) {
    end();
    throw error;
  }
}
