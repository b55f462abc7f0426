/** A DHCP server as a daemon: what is the same for both families, or differs in the number only. */
import { systemClock } from "../base/clock.ts";
import type { ConfigFamily } from "../config/config-family.ts";
import type { TreeTypes } from "../config/edit/config-tree.ts";
import { changesOfConfig, documentOfStored } from "../config-database/config-document.ts";
import type { StoredFamily } from "../config-database/config-follower.ts";
import type { Command } from "../control/command.ts";
import type { Daemon, RunningServer, Surroundings } from "../daemon/daemon.ts";
import type { LifeMessages } from "../daemon/life-messages.ts";
import type { GoOn } from "../daemon/main-loop/spare-time.ts";
import type { Converter } from "../daemon/offline/converter.ts";
import type { Explainer } from "../daemon/offline/explainer.ts";
import type { LeaseMover } from "../daemon/offline/lease-mover.ts";
import { type DaemonPaths, daemonPaths, usualConfig } from "../daemon/paths.ts";
import type { OpenAdmin } from "../databases/database-admin.ts";
import { type DatabaseConfig, databaseSettings } from "../databases/database-settings.ts";
import { withExtensions } from "../extensions/check-extensions.ts";
import type { Statistic } from "../stats/statistic.ts";
import { Statistics, type StatisticTable } from "../stats/statistics.ts";
import { type Controlled, DatabaseSource, type OpenConfig } from "./databases/database-source.ts";
import { describeDatabase } from "./databases/open-database.ts";
import { type OpenHosts, openHostDatabases } from "./databases/open-host-databases.ts";
import { type OpenLog, openLogTable } from "./databases/open-log-table.ts";
import type { Ports } from "./interfaces/sockets.ts";
import type { LeaseDatabaseParts } from "./leases/open-lease-database.ts";
import type { DhcpConfig, LeaseFileParts, OpenedLeases } from "./leases/open-lease-file.ts";
import type { ServerMessages } from "./messages.ts";
import type { ServerParts, StageParts } from "./server-parts.ts";

/** @typeParam Open how a package opens a database of its kind for leases of the family */
export interface DhcpFamily<
  Config extends DhcpConfig & Controlled,
  Store,
  Table extends StatisticTable,
  Open,
  Tree extends TreeTypes & { readonly config: Config },
> {
  readonly number: 4 | 6;
  readonly callExample: string;
  readonly config: ConfigFamily<Config>;
  readonly source: StoredFamily<Tree>;
  readonly configWorker: URL;
  readonly messages: { readonly life: LifeMessages; readonly server: ServerMessages };
  readonly commands: readonly Command<never>[];
  readonly statistics: Table;
  /** Counts errors that nobody caught. */
  faultsOf(statistics: Statistics<Table>): Statistic;
  /** Of the protocol. */
  readonly ports: Ports;
  countSubnets(config: Config): number;
  /** As `Daemon.checkSurroundings`. */
  checkSurroundings(config: Config, paths: DaemonPaths): readonly string[];
  /** Loaded when they are needed: a server with a lease file starts sooner without. */
  readonly databases: {
    readonly [Type in Exclude<DatabaseConfig["type"], "memfile" | "file">]: {
      admin(): Promise<OpenAdmin>;
      leases(): Promise<Open>;
      hosts(): Promise<OpenHosts>;
      config(): Promise<OpenConfig>;
      log(): Promise<OpenLog>;
    };
  };
  openLeaseFile(config: Config, parts: LeaseFileParts): Promise<OpenedLeases<Store>>;
  openLeaseDatabase(config: Config, open: Open, parts: LeaseDatabaseParts): Promise<OpenedLeases<Store>>;
  leaseMover(
    messages: ServerMessages,
    open: (config: Config, parts: LeaseDatabaseParts) => Promise<OpenedLeases<Store>>,
  ): LeaseMover<Config>;
  /** Loaded when it is wanted. */
  converter(): Promise<Converter>;
  readonly explainer: Explainer<Config>;
  rehearse(config: Config, parts: StageParts): Promise<GoOn>;
  start(config: Config, parts: ServerParts<Store, Table>): Promise<RunningServer<Config>>;
}

export function dhcpDaemon<
  Config extends DhcpConfig & Controlled,
  Store,
  Table extends StatisticTable,
  Open,
  Tree extends TreeTypes & { readonly config: Config },
>(family: DhcpFamily<Config, Store, Table, Open, Tree>): Daemon<Config> {
  const { number, databases, messages } = family;
  const clock = systemClock;
  const statistics = new Statistics(family.statistics, clock.wall());

  const hostKinds = {
    mysql: () => databases.mysql.hosts(),
    postgresql: () => databases.postgresql.hosts(),
  };

  const logKinds = {
    mysql: () => databases.mysql.log(),
    postgresql: () => databases.postgresql.log(),
  };

  async function openLeases(config: Config, parts: LeaseDatabaseParts): Promise<OpenedLeases<Store>> {
    const { type } = config["lease-database"];
    if (type === "memfile") return family.openLeaseFile(config, parts);
    return family.openLeaseDatabase(config, await databases[type].leases(), parts);
  }

  const portsOf = ({ ports }: Pick<Surroundings, "ports">): Ports => ({
    server: ports.server ?? family.ports.server,
    client: ports.client ?? family.ports.client,
  });

  const extended = withExtensions(family.config, { directory: daemonPaths(process.env).extensions, known: undefined });

  const configKinds = {
    mysql: () => databases.mysql.config(),
    postgresql: () => databases.postgresql.config(),
  };

  return {
    program: {
      name: `dhcp${number}d`,
      summary: `DHCPv${number} server that reads Kea's configuration and lease files`,
      exampleConfig: usualConfig(`kea-dhcp${number}`),
      callExample: family.callExample,
      ports: true,
    },
    keaName: `kea-dhcp${number}`,
    service: `dhcp${number}`,
    family: extended,
    configWorker: family.configWorker,
    messages: messages.life,
    commands: family.commands,
    describeConfig: (config) =>
      `added IPv${number} subnets: ${family.countSubnets(config)}; ` +
      `DDNS: ${config["dhcp-ddns"]["enable-updates"] ? "enabled" : "disabled"}`,
    checkSurroundings: (config, paths) => family.checkSurroundings(config, paths),
    databases: {
      mysql: async (settings) => (await databases.mysql.admin())(settings),
      postgresql: async (settings) => (await databases.postgresql.admin())(settings),
    },
    configStore: {
      async open(config) {
        const [entry] = config["config-control"]?.["config-databases"] ?? [];
        if (entry === undefined) throw new Error("the file names no database: give it config-control.config-databases");
        const settings = databaseSettings(entry);
        const open = await configKinds[entry.type as keyof typeof configKinds]();
        return await open(
          describeDatabase(entry, settings),
          family.source.tables,
          settings,
          () => undefined,
          () => {},
        );
      },
      changesOf: (config, given, tag, room) => changesOfConfig(family.source.tree, config, given, tag, room),
      documentOf: (stored) => documentOfStored(family.source.tree, stored),
    },
    configSource: ({ log, stopping, giveUp }) =>
      new DatabaseSource(family.source, configKinds, {
        log,
        signal: stopping,
        giveUp,
        check: (config: Config) => extended.check(config),
      }),
    leaseMover: family.leaseMover(messages.server, openLeases),
    converter: () => family.converter(),
    explainer: family.explainer,
    countFault: () => family.faultsOf(statistics).add(1, clock.wall()),
    rehearse: (config, surroundings) =>
      family.rehearse(config, { paths: surroundings.paths, clock, ports: portsOf(surroundings) }),
    async start(config, surroundings) {
      const { paths, log, stopping, onStatus, giveUp } = surroundings;
      const leases = await openLeases(config, {
        paths,
        clock,
        log,
        messages: messages.server,
        signal: stopping,
        giveUp,
      });
      return family.start(config, {
        ...leases,
        paths,
        clock,
        log,
        statistics,
        ports: portsOf(surroundings),
        onStatus,
        giveUp,
        openLogTable: (entry, report) => openLogTable(entry, logKinds, report, { giveUp }),
        openHosts: (hosts, next, former) =>
          openHostDatabases(hosts, next, former, hostKinds, {
            paths,
            clock,
            log,
            signal: stopping,
            giveUp,
            schedule: former === undefined ? undefined : () => undefined,
          }),
      });
    },
  };
}
