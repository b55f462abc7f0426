/** What a daemon gives the DHCP server that it runs. */
import type { Clock } from "../base/clock.ts";
import type { DaemonPaths } from "../daemon/paths.ts";
import type { DatabaseConfig } from "../databases/database-settings.ts";
import type { HostDatabase } from "../hosts/database/host-database.ts";
import type { HostDatabases } from "../hosts/database/host-source.ts";
import type { SqlFamily } from "../hosts/sql/sql-family.ts";
import type { LeaseClock } from "../leases/model/lease-clock.ts";
import type { Logger } from "../log/logger.ts";
import type { Statistics, StatisticTable } from "../stats/statistics.ts";
import type { Ports } from "./interfaces/sockets.ts";
import type { StoreHealth } from "./leases/open-lease-file.ts";

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
  /** Opens the host databases of a configuration. @param isStart whether nobody is served before */
  openHosts<Type extends string, Address, Reservation>(
    family: SqlFamily<Type, Address, Reservation>,
    configs: readonly DatabaseConfig[],
    isStart: boolean,
  ): Promise<HostDatabases<HostDatabase<Type, Address, Reservation>>>;
  /** Kea's `service-sockets-require-all`: an interface is still missing after the configured tries. */
  readonly giveUp: (why: string) => void;
}
