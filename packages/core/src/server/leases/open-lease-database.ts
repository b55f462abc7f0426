/** Opens the database that the configuration names for leases. */
import type { RetrySchedule } from "../../base/retry.ts";
import type { Dhcp4Config } from "../../config/dhcp4-config.ts";
import type { Dhcp6Config } from "../../config/dhcp6-config.ts";
import { type DatabaseConfig, type DatabaseSettings, databaseSettings } from "../../databases/database-settings.ts";
import type { ConnectionEvent } from "../../databases/reconnecting.ts";
import { formatIpv4 } from "../../ip/ipv4.ts";
import { formatIpv6Key } from "../../ip/ipv6-key.ts";
import type { OnRefused } from "../../leases/database/lease-database.ts";
import { type LeaseDatabase4, SharedStore4 } from "../../leases/database/shared-store4.ts";
import { type LeaseDatabase6, SharedStore6 } from "../../leases/database/shared-store6.ts";
import type { Lease } from "../../leases/model/lease.ts";
import { LeaseClock } from "../../leases/model/lease-clock.ts";
import type { Lease4 } from "../../leases/model/lease4.ts";
import { type Lease6, LeaseType6 } from "../../leases/model/lease6.ts";
import { type DatabaseParts, describeDatabase, openDatabase } from "../databases/open-database.ts";
import { CommitFailures } from "../packets/report/commit-failures.ts";
import { leaseDatabase } from "./lease-database-messages.ts";
import type { LeaseFileParts, OpenedLeases, StoreHealth } from "./open-lease-file.ts";

/** How a package opens a database of its kind. Rejects when it cannot be used. */
export type OpenDatabase<L extends Lease, Database> = (
  settings: DatabaseSettings,
  schedule: RetrySchedule,
  report: (event: ConnectionEvent) => void,
  onRefused: OnRefused<L>,
) => Promise<Database>;

export interface LeaseDatabaseParts extends LeaseFileParts, Pick<DatabaseParts, "giveUp"> {}

const MESSAGES = {
  opened: leaseDatabase.DHCPSRV_LEASE_DATABASE_OPENED,
  openFailed: leaseDatabase.DHCPSRV_LEASE_DATABASE_OPEN_FAILED,
  lost: leaseDatabase.DHCPSRV_LEASE_DATABASE_LOST,
  reconnectFailed: leaseDatabase.DHCPSRV_LEASE_DATABASE_RECONNECT_FAILED,
  recovered: leaseDatabase.DHCPSRV_LEASE_DATABASE_RECOVERED,
};

export async function openLeaseDatabase4(
  config: Dhcp4Config,
  openLeases: OpenDatabase<Lease4, LeaseDatabase4>,
  parts: LeaseDatabaseParts,
): Promise<OpenedLeases<SharedStore4>> {
  const leaseClock = sharedClock(parts);
  const nameOf = ({ address }: Lease4) => formatIpv4(address);
  const health: StoreHealth = { type: config["lease-database"].type, isUp: true };
  const database = await open(config["lease-database"], openLeases, nameOf, health, parts);
  return { store: new SharedStore4(database, leaseClock), health, leaseClock };
}

/** As `openLeaseDatabase4`. */
export async function openLeaseDatabase6(
  config: Dhcp6Config,
  openLeases: OpenDatabase<Lease6, LeaseDatabase6>,
  parts: LeaseDatabaseParts,
): Promise<OpenedLeases<SharedStore6>> {
  const leaseClock = sharedClock(parts);
  const nameOf = ({ address, type, prefixLength }: Lease6) =>
    type === LeaseType6.prefix ? `${formatIpv6Key(address)}/${prefixLength}` : formatIpv6Key(address);
  const health: StoreHealth = { type: config["lease-database"].type, isUp: true };
  const database = await open(config["lease-database"], openLeases, nameOf, health, parts);
  return { store: new SharedStore6(database, leaseClock), health, leaseClock };
}

/** Leases that servers share live by the wall clock: by its jumps nobody's times move. */
function sharedClock({ clock, log, messages }: LeaseFileParts): LeaseClock {
  return new LeaseClock(clock, 0, ({ kind, seconds }) => {
    log.log(kind === "clock-jumped" ? messages.CLOCK_JUMP : messages.CLOCK_BEHIND, { seconds });
  });
}

async function open<L extends Lease, Database>(
  config: DatabaseConfig,
  openLeases: OpenDatabase<L, Database>,
  nameOf: (lease: L) => string,
  health: StoreHealth,
  parts: LeaseDatabaseParts,
): Promise<Database> {
  const { clock, log } = parts;
  const settings = databaseSettings(config);
  const name = describeDatabase(config, settings);
  const refusals = new CommitFailures();
  const onRefused: OnRefused<L> = ({ before, after }, { message }) => {
    const count = refusals.add(1, message, clock.monotonic() / 1000);
    const lease = nameOf((after ?? before)!);
    if (count > 0)
      log.log(leaseDatabase.DHCPSRV_LEASE_DATABASE_REFUSED, { database: name, lease, error: message, count });
  };
  return await openDatabase(
    config,
    name,
    (schedule, report) => {
      const note = (event: ConnectionEvent) => {
        health.isUp = event.kind === "recovered";
        report(event);
      };
      return openLeases(settings, schedule, note, onRefused);
    },
    MESSAGES,
    parts,
  );
}
