/** Opens the databases that the configuration names for reservations. */
import { isDeepStrictEqual } from "node:util";
import type { RetrySchedule } from "../../base/retry.ts";
import type { ReadableReservation, ReservationRules } from "../../config/check/read-reservation.ts";
import type { Dhcp4Config } from "../../config/dhcp4-config.ts";
import { type DatabaseConfig, type DatabaseSettings, databaseSettings } from "../../databases/database-settings.ts";
import type { ConnectionEvent } from "../../databases/reconnecting.ts";
import type { HostDatabase } from "../../hosts/database/host-database.ts";
import type { HostDatabases, OnHostFault } from "../../hosts/database/host-source.ts";
import type { SqlFamily } from "../../hosts/sql/sql-family.ts";
import type { HostPlace } from "../../hosts/sql/sql-hosts.ts";
import { hostDatabase } from "./host-database-messages.ts";
import { type DatabaseParts, describeDatabase, openDatabase } from "./open-database.ts";
import { type HostFilePlace, openHostFile } from "./open-host-file.ts";

/** How a package opens a database of its kind. Rejects when it cannot be used. */
export type OpenHosts = <Type extends string, Address, Reservation>(
  family: SqlFamily<Type, Address, Reservation>,
  place: HostPlace,
  settings: DatabaseSettings,
  schedule: RetrySchedule,
  report: (event: ConnectionEvent) => void,
) => Promise<HostDatabase<Type, Address, Reservation>>;

/** Loaded when they are needed. */
export type HostKinds = {
  readonly [Kind in Exclude<DatabaseConfig["type"], "memfile" | "file">]: () => Promise<OpenHosts>;
};

const MESSAGES = {
  opened: hostDatabase.DHCPSRV_HOST_DATABASE_OPENED,
  openFailed: hostDatabase.DHCPSRV_HOST_DATABASE_OPEN_FAILED,
  lost: hostDatabase.DHCPSRV_HOST_DATABASE_LOST,
  reconnectFailed: hostDatabase.DHCPSRV_HOST_DATABASE_RECONNECT_FAILED,
  recovered: hostDatabase.DHCPSRV_HOST_DATABASE_RECOVERED,
};

/** What the families do differently. */
export interface HostFamily<Type extends string, Address, Reservation> {
  readonly sql: SqlFamily<Type, Address, Reservation>;
  readonly reservations: ReservationRules<Reservation>;
}

/** The part of a configuration that says which there are. */
export type HostsConfig = Pick<Dhcp4Config, "hosts-databases"> & {
  /** DHCPv6 only, as in Kea. */
  readonly "data-directory"?: string | undefined;
};

/**
 * All of them, in their order, or none.
 * @param former what is in force: what the configuration says of again stays open
 * @throws PlainError when one of them cannot be used
 */
export async function openHostDatabases<
  Type extends string,
  Address extends string | number,
  Reservation extends ReadableReservation,
>(
  family: HostFamily<Type, Address, Reservation>,
  config: HostsConfig,
  former: HostDatabases<HostDatabase<Type, Address, Reservation>> | undefined,
  kinds: HostKinds,
  parts: DatabaseParts & Pick<HostFilePlace, "paths" | "clock">,
): Promise<HostDatabases<HostDatabase<Type, Address, Reservation>>> {
  const databases: HostDatabase<Type, Address, Reservation>[] = [];
  const entries: DatabaseConfig[] = [];
  const onFault: OnHostFault = (database, { origin }, fault) =>
    parts.log.log(hostDatabase.DHCPSRV_HOST_INVALID, { database, origin, fault });
  const open = async (entry: DatabaseConfig) => {
    if (entry.type === "file") return openHostFile(family, entry, { ...parts, config });
    return entry.type === "memfile" ? undefined : openSql(family.sql, entry, await kinds[entry.type](), parts);
  };
  try {
    for (const entry of config["hosts-databases"]) {
      const at = former?.entries.findIndex((each) => isDeepStrictEqual(each, entry)) ?? -1;
      const database = former?.databases[at] ?? (await open(entry));
      if (database === undefined) continue;
      databases.push(database);
      entries.push(entry);
    }
  } catch (error) {
    await closeHostDatabases({ databases, entries, onFault }, former);
    throw error;
  }
  return { databases, entries, onFault };
}

/** @param others what they have, too, stays open */
export async function closeHostDatabases(
  { databases }: HostDatabases<{ close(): Promise<void> }>,
  others?: HostDatabases<object>,
): Promise<void> {
  const open = new Set(databases.filter((database) => others?.databases.includes(database) !== true));
  await Promise.all([...open].map((database) => database.close()));
}

function openSql<Type extends string, Address, Reservation>(
  family: SqlFamily<Type, Address, Reservation>,
  config: DatabaseConfig,
  openHosts: OpenHosts,
  parts: DatabaseParts,
): Promise<HostDatabase<Type, Address, Reservation>> {
  const settings = databaseSettings(config);
  const name = describeDatabase(config, settings);
  // As Kea: it serves without reservations of a database that is away, or not at all.
  const mayBeAway = config["on-fail"]?.startsWith("serve-") === true;
  const place = { name, mayBeAway, isReadOnly: config.readonly === true };
  return openDatabase(
    config,
    name,
    (schedule, report) => openHosts(family, place, settings, schedule, report),
    MESSAGES,
    parts,
  );
}
