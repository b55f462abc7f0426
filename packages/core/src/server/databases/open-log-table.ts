/** Opens the database that the configuration names for the forensic log. */
import type { RetrySchedule } from "../../base/retry.ts";
import { type DatabaseConfig, type DatabaseSettings, databaseSettings } from "../../databases/database-settings.ts";
import type { LogTable } from "../../databases/log-table.ts";
import type { ConnectionEvent } from "../../databases/reconnecting.ts";
import { type DatabaseParts, describeDatabase, scheduleOf } from "./open-database.ts";

/** How a package opens a database of its kind. Rejects when it cannot be used, unless it may be away. */
export type OpenLog = (
  settings: DatabaseSettings,
  schedule: RetrySchedule,
  report: (event: ConnectionEvent) => void,
  mayBeAway: boolean,
) => Promise<LogTable>;

/** Loaded when they are needed. */
export type LogKinds = {
  readonly [Kind in Exclude<DatabaseConfig["type"], "memfile" | "file">]: () => Promise<OpenLog>;
};

/** @param report is told what becomes of the connection */
export async function openLogTable(
  config: DatabaseConfig & { readonly type: keyof LogKinds },
  kinds: LogKinds,
  report: (event: ConnectionEvent) => void,
  { giveUp }: Pick<DatabaseParts, "giveUp">,
): Promise<LogTable> {
  const settings = databaseSettings(config);
  const open = await kinds[config.type]();
  // As Kea: without it service goes on.
  const schedule = scheduleOf({ ...config, "on-fail": config["on-fail"] ?? "serve-retry-continue" });
  const watch = (event: ConnectionEvent) => {
    report(event);
    if (event.kind !== "failed" || event.wait !== undefined) return;
    giveUp(
      `${describeDatabase(config, settings)} for the forensic log has been lost, and max-reconnect-tries are over`,
    );
  };
  return open(settings, schedule, watch, config["retry-on-startup"] !== false);
}
