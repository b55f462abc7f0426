/** What a daemon gives the DHCP server that it runs. */
import type { Clock } from "../base/clock.ts";
import type { ReadableReservation } from "../config/check/read-reservation.ts";
import type { DaemonPaths } from "../daemon/paths.ts";
import type { OpenLogTable } from "../extensions/legal-log/legal-log.ts";
import type { HostDatabase } from "../hosts/database/host-database.ts";
import type { HostDatabases } from "../hosts/database/host-source.ts";
import type { LeaseClock } from "../leases/model/lease-clock.ts";
import type { Logger } from "../log/logger.ts";
import type { Statistics, StatisticTable } from "../stats/statistics.ts";
import type { HostFamily, HostsConfig } from "./databases/open-host-databases.ts";
import type { Ports } from "./interfaces/sockets.ts";
import type { StoreHealth } from "./leases/open-lease-file.ts";

/** What a start rehearses with. */
export type StageParts = Pick<ServerParts<never, never>, "paths" | "clock" | "ports">;

/** What its leases are kept in and counted by. */
export interface LeaseParts<Store, Table extends StatisticTable> {
  readonly store: Store;
  readonly leaseClock: LeaseClock;
  readonly clock: Clock;
  readonly log: Logger;
  readonly statistics: Statistics<Table>;
  readonly paths: DaemonPaths;
}

export interface ServerParts<Store, Table extends StatisticTable> extends LeaseParts<Store, Table> {
  readonly health: StoreHealth;
  readonly ports: Ports;
  /** Told when what is served has changed, in words. */
  readonly onStatus: (status: string) => void;
  /** As `openHostDatabases`. @param former what is in force; `undefined` while nobody is served before */
  openHosts<Type extends string, Address extends string | number, Reservation extends ReadableReservation>(
    family: HostFamily<Type, Address, Reservation>,
    config: HostsConfig,
    former: HostDatabases<HostDatabase<Type, Address, Reservation>> | undefined,
  ): Promise<HostDatabases<HostDatabase<Type, Address, Reservation>>>;
  /** As `openLogTable`. */
  readonly openLogTable: OpenLogTable;
  /** Kea's `service-sockets-require-all`: an interface is still missing after the configured tries. */
  readonly giveUp: (why: string) => void;
}
