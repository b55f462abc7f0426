/** What the daemons need of this package: a database of leases by its settings. */

import type { RetrySchedule } from "@kotare/core/base/retry";
import { openSessions } from "@kotare/core/databases/database-session";
import type { DatabaseSettings } from "@kotare/core/databases/database-settings";
import type { ConnectionEvent } from "@kotare/core/databases/reconnecting";
import type { OnRefused } from "@kotare/core/leases/database/lease-database";
import type { LeaseDatabase4 } from "@kotare/core/leases/database/shared-store4";
import type { LeaseDatabase6 } from "@kotare/core/leases/database/shared-store6";
import type { Lease4 } from "@kotare/core/leases/model/lease4";
import type { Lease6 } from "@kotare/core/leases/model/lease6";
import { MysqlLeases } from "./leases/mysql-leases.ts";
import { mysql4 } from "./leases/mysql-leases4.ts";
import { mysql6 } from "./leases/mysql-leases6.ts";
import { dialing } from "./session.ts";

/** Rejects when the database cannot be reached or has no schema that we know. */
export async function openMysql4(
  settings: DatabaseSettings,
  schedule: RetrySchedule,
  report: (event: ConnectionEvent) => void,
  onRefused: OnRefused<Lease4>,
): Promise<LeaseDatabase4> {
  const session = await openSessions(dialing(mysql4.table), settings, schedule, report);
  return new MysqlLeases(mysql4, session, onRefused);
}

/** As `openMysql4`. */
export async function openMysql6(
  settings: DatabaseSettings,
  schedule: RetrySchedule,
  report: (event: ConnectionEvent) => void,
  onRefused: OnRefused<Lease6>,
): Promise<LeaseDatabase6> {
  const session = await openSessions(dialing(mysql6.table), settings, schedule, report);
  return new MysqlLeases(mysql6, session, onRefused);
}
