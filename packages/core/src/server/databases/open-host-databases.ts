/** Opens the databases that the configuration names for reservations. */
import type { RetrySchedule } from "../../base/retry.ts";
import { type DatabaseConfig, type DatabaseSettings, databaseSettings } from "../../databases/database-settings.ts";
import type { ConnectionEvent } from "../../databases/reconnecting.ts";
import type { HostDatabase } from "../../hosts/database/host-database.ts";
import type { HostDatabases } from "../../hosts/database/host-source.ts";
import type { SqlFamily } from "../../hosts/sql/sql-family.ts";
import type { HostPlace } from "../../hosts/sql/sql-hosts.ts";
import { hostDatabase } from "./host-database-messages.ts";
import { type DatabaseParts, describeDatabase, openDatabase } from "./open-database.ts";

/** How a package opens a database of its kind. Rejects when it cannot be used. */
export type OpenHosts = <Type extends string, Address, Reservation>(
  family: SqlFamily<Type, Address, Reservation>,
  place: HostPlace,
  settings: DatabaseSettings,
  schedule: RetrySchedule,
  report: (event: ConnectionEvent) => void,
) => Promise<HostDatabase<Type, Address, Reservation>>;

/** Loaded when they are needed. */
export type HostKinds = { readonly [Kind in Exclude<DatabaseConfig["type"], "memfile">]: () => Promise<OpenHosts> };

const MESSAGES = {
  opened: hostDatabase.DHCPSRV_HOST_DATABASE_OPENED,
  openFailed: hostDatabase.DHCPSRV_HOST_DATABASE_OPEN_FAILED,
  lost: hostDatabase.DHCPSRV_HOST_DATABASE_LOST,
  reconnectFailed: hostDatabase.DHCPSRV_HOST_DATABASE_RECONNECT_FAILED,
  recovered: hostDatabase.DHCPSRV_HOST_DATABASE_RECOVERED,
};

/** All of them, in their order, or none. @throws PlainError when one of them cannot be used */
export async function openHostDatabases<Type extends string, Address, Reservation>(
  family: SqlFamily<Type, Address, Reservation>,
  configs: readonly DatabaseConfig[],
  kinds: HostKinds,
  parts: DatabaseParts,
): Promise<HostDatabases<HostDatabase<Type, Address, Reservation>>> {
  const databases: HostDatabase<Type, Address, Reservation>[] = [];
  try {
    for (const config of configs) {
      if (config.type === "memfile") continue;
      databases.push(await open(family, config, await kinds[config.type](), parts));
    }
  } catch (error) {
    await closeHostDatabases(databases);
    throw error;
  }
  return {
    databases,
    onFault: (database, { origin }, fault) =>
      parts.log.log(hostDatabase.DHCPSRV_HOST_INVALID, { database, origin, fault }),
  };
}

export async function closeHostDatabases(databases: readonly { close(): Promise<void> }[]): Promise<void> {
  await Promise.all(databases.map((database) => database.close()));
}

function open<Type extends string, Address, Reservation>(
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
