/** What the daemons need of this package for the forensic log: Kea's table of it, by the database's settings. */
import type { RetrySchedule } from "@kotare/core/base/retry";
import { openSessions } from "@kotare/core/databases/database-session";
import type { DatabaseSettings } from "@kotare/core/databases/database-settings";
import type { LogTable } from "@kotare/core/databases/log-table";
import type { ConnectionEvent } from "@kotare/core/databases/reconnecting";
import { SqlLog } from "@kotare/core/databases/sql-log";
import { postgresql } from "./hosts/postgresql-hosts.ts";
import { logDialing } from "./session.ts";

/** Rejects when the database cannot be reached or has no schema that we know, unless it may be away. */
export async function openPostgresqlLog(
  settings: DatabaseSettings,
  schedule: RetrySchedule,
  report: (event: ConnectionEvent) => void,
  mayBeAway: boolean,
): Promise<LogTable> {
  return new SqlLog(postgresql, await openSessions(logDialing, settings, schedule, report, mayBeAway));
}
