/** Opens a database of a server's, tells what becomes of the connection, and keeps trying as the configuration says. */
import { PlainError } from "../../base/plain-error.ts";
import { type RetrySchedule, retry } from "../../base/retry.ts";
import {
  type DatabaseConfig,
  type DatabaseSettings,
  databaseSchedule,
  describeHost,
  startSchedule,
} from "../../databases/database-settings.ts";
import type { ConnectionEvent } from "../../databases/reconnecting.ts";
import type { Message } from "../../log/catalogue.ts";
import type { Logger } from "../../log/logger.ts";

/** What is said of it. */
export interface DatabaseMessages {
  readonly opened: Message<[{ database: string }]>;
  readonly openFailed: Message<[{ database: string; error: string; next: string }]>;
  readonly lost: Message<[{ database: string; error: string }]>;
  readonly reconnectFailed: Message<[{ database: string; error: string; next: string }]>;
  readonly recovered: Message<[{ database: string }]>;
}

export interface DatabaseParts {
  readonly log: Logger;
  /** Ends the trying. */
  readonly signal: AbortSignal;
  /** How often to try to open it; by default as the configuration says of the start. */
  readonly schedule?: RetrySchedule | undefined;
  /** Ends the daemon with a failure, as the operator has asked for in the configuration. */
  readonly giveUp: (why: string) => void;
}

/**
 * @param name as of `describeDatabase`
 * @param open is given what to do after a loss, and whom to tell of it
 */
export async function openDatabase<Database>(
  config: DatabaseConfig,
  name: string,
  open: (schedule: RetrySchedule, report: (event: ConnectionEvent) => void) => Promise<Database>,
  messages: DatabaseMessages,
  { log, signal, schedule, giveUp }: DatabaseParts,
): Promise<Database> {
  const report = (event: ConnectionEvent) => {
    switch (event.kind) {
      case "lost":
        log.log(messages.lost, { database: name, error: event.error.message });
        break;
      case "failed":
        log.log(messages.reconnectFailed, {
          database: name,
          error: event.error.message,
          next: describeNext(event.wait),
        });
        if (event.wait === undefined) giveUp(`${name} has been lost, and max-reconnect-tries are over`);
        break;
      case "recovered":
        log.log(messages.recovered, { database: name });
        break;
    }
  };
  const database = await retry(() => open(scheduleOf(config), report), {
    signal,
    schedule: schedule ?? startSchedule(config),
    onFailure: ({ message }, wait) => {
      log.log(messages.openFailed, { database: name, error: message, next: describeNext(wait) });
      if (wait === undefined) throw new PlainError(`${name} cannot be used: ${message}`);
    },
  });
  log.log(messages.opened, { database: name });
  return database;
}

/** `serve-retry-continue` does not end the daemon: it goes on trying. */
export function scheduleOf(config: DatabaseConfig): RetrySchedule {
  const schedule = databaseSchedule(config);
  if (config["on-fail"] !== "serve-retry-continue") return schedule;
  const forEver = databaseSchedule({ ...config, "max-reconnect-tries": undefined });
  return (failures) => schedule(failures) ?? forEver(failures);
}

/** Without user and password. */
export function describeDatabase({ type }: DatabaseConfig, { name, hosts }: DatabaseSettings): string {
  return `${type} database ${name} on ${hosts.map(describeHost).join(", ")}`;
}

function describeNext(wait: number | undefined): string {
  return wait === undefined ? "that was the last try" : `next try in ${wait / 1000} s`;
}
