/** What the daemons need of this package for configuration: a configuration database by its settings. */
import type { RetrySchedule } from "@kotare/core/base/retry";
import type { ConfigDatabase } from "@kotare/core/config-database/config-database";
import { SqlConfig } from "@kotare/core/config-database/sql-config";
import type { TablesOf } from "@kotare/core/config-database/tables/config-tables";
import { openSessions } from "@kotare/core/databases/database-session";
import type { DatabaseSettings } from "@kotare/core/databases/database-settings";
import type { ConnectionEvent } from "@kotare/core/databases/reconnecting";
import { mysql } from "../hosts/mysql-hosts.ts";
import { configDialing } from "../session.ts";

/** Rejects when the database cannot be reached or has no schema that we know. */
export async function openMysqlConfig(
  name: string,
  tables: TablesOf,
  settings: DatabaseSettings,
  schedule: RetrySchedule,
  report: (event: ConnectionEvent) => void,
): Promise<ConfigDatabase> {
  return new SqlConfig(name, tables, mysql, await openSessions(configDialing(tables), settings, schedule, report));
}
