/** What the daemons need of this package: a database of leases by its settings. */

import type { RetrySchedule } from "@kotare/core/base/retry";
import { openSessions } from "@kotare/core/databases/database-session";
import type { DatabaseSettings } from "@kotare/core/databases/database-settings";
import type { ConnectionEvent } from "@kotare/core/databases/reconnecting";
import type { LeaseDatabase4 } from "@kotare/core/leases/database/shared-store4";
import type { LeaseDatabase6 } from "@kotare/core/leases/database/shared-store6";
import { PostgresqlLeases } from "./postgresql-leases.ts";
import { postgresql4 } from "./postgresql-leases4.ts";
import { postgresql6 } from "./postgresql-leases6.ts";
import { dialing } from "./session.ts";

/** Rejects when the database cannot be reached or has no schema that we know. */
export async function openPostgresql4(
  settings: DatabaseSettings,
  schedule: RetrySchedule,
  report: (event: ConnectionEvent) => void,
): Promise<LeaseDatabase4> {
  return new PostgresqlLeases(postgresql4, await openSessions(dialing(postgresql4.table), settings, schedule, report));
}

/** As `openPostgresql4`. */
export async function openPostgresql6(
  settings: DatabaseSettings,
  schedule: RetrySchedule,
  report: (event: ConnectionEvent) => void,
): Promise<LeaseDatabase6> {
  return new PostgresqlLeases(postgresql6, await openSessions(dialing(postgresql6.table), settings, schedule, report));
}
