/** What the daemons need of this package for reservations: a host database by its settings. */
import type { RetrySchedule } from "@kotare/core/base/retry";
import { openSessions } from "@kotare/core/databases/database-session";
import type { DatabaseSettings } from "@kotare/core/databases/database-settings";
import type { ConnectionEvent } from "@kotare/core/databases/reconnecting";
import type { HostDatabase } from "@kotare/core/hosts/database/host-database";
import type { SqlFamily } from "@kotare/core/hosts/sql/sql-family";
import { type HostPlace, SqlHosts } from "@kotare/core/hosts/sql/sql-hosts";
import { hostDialing } from "../session.ts";
import { mysql } from "./mysql-hosts.ts";

/** Rejects when the database cannot be reached or has no schema that we know, unless it may be away. */
export async function openMysqlHosts<Type extends string, Address, Reservation>(
  tables: SqlFamily<Type, Address, Reservation>,
  place: HostPlace,
  settings: DatabaseSettings,
  schedule: RetrySchedule,
  report: (event: ConnectionEvent) => void,
): Promise<HostDatabase<Type, Address, Reservation>> {
  const session = await openSessions(hostDialing(place.isReadOnly), settings, schedule, report, place.mayBeAway);
  return new SqlHosts(place, tables, mysql, session);
}
