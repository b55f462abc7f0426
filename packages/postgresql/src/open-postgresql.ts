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
import { PostgresqlLeases } from "./leases/postgresql-leases.ts";
import { postgresql4 } from "./leases/postgresql-leases4.ts";
import { postgresql6 } from "./leases/postgresql-leases6.ts";
import { dialing } from "./session.ts";

/** Rejects when the database cannot be reached or has no schema that we know. */
export async function openPostgresql4(
  settings: DatabaseSettings,
  schedule: RetrySchedule,
  report: (event: ConnectionEvent) => void,
  onRefused: OnRefused<Lease4>,
): Promise<LeaseDatabase4> {
  const session = await openSessions(dialing(postgresql4.table), settings, schedule, report);
  return new PostgresqlLeases(postgresql4, session, onRefused);
}

/** As `openPostgresql4`. */
export async function openPostgresql6(
  settings: DatabaseSettings,
  schedule: RetrySchedule,
  report: (event: ConnectionEvent) => void,
  onRefused: OnRefused<Lease6>,
): Promise<LeaseDatabase6> {
  const session = await openSessions(dialing(postgresql6.table), settings, schedule, report);
  return new PostgresqlLeases(postgresql6, session, onRefused);
}
