/** What the daemons need of this package: a database of leases by its settings. */

import type { RetrySchedule } from "@kotare/core/base/retry";
import { openSessions } from "@kotare/core/databases/database-session";
import type { DatabaseSettings } from "@kotare/core/databases/database-settings";
import type { ConnectionEvent } from "@kotare/core/databases/reconnecting";
import type { LeaseDatabase4 } from "@kotare/core/leases/database/shared-store4";
import type { LeaseDatabase6 } from "@kotare/core/leases/database/shared-store6";
import { MysqlLeases } from "./mysql-leases.ts";
import { mysql4 } from "./mysql-leases4.ts";
import { mysql6 } from "./mysql-leases6.ts";
import { dialing } from "./session.ts";

/** Rejects when the database cannot be reached or has no schema that we know. */
export async function openMysql4(
  settings: DatabaseSettings,
  schedule: RetrySchedule,
  report: (event: ConnectionEvent) => void,
): Promise<LeaseDatabase4> {
  return new MysqlLeases(mysql4, await openSessions(dialing(mysql4.table), settings, schedule, report));
}

/** As `openMysql4`. */
export async function openMysql6(
  settings: DatabaseSettings,
  schedule: RetrySchedule,
  report: (event: ConnectionEvent) => void,
): Promise<LeaseDatabase6> {
  return new MysqlLeases(mysql6, await openSessions(dialing(mysql6.table), settings, schedule, report));
}
