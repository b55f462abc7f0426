/** A running DHCP server: reception, leases, packet path and upkeep, and how a new configuration takes over. */
import { isDeepStrictEqual } from "node:util";
import type { Listener } from "@kotare/extension";
import { Pace } from "../base/pace.ts";
import { atOnce, atPace } from "../base/steps.ts";
import type { Command } from "../control/command.ts";
import type { Commands } from "../control/command-table.ts";
import type { LifeContext } from "../control/daemon-context.ts";
import type { Metric } from "../control/metrics/metric.ts";
import { ServiceState } from "../control/service-state.ts";
import { Announcements } from "../extensions/control/announcements.ts";
import { commandsOf } from "../extensions/control/extension-commands.ts";
import { listenersOf } from "../extensions/control/extension-listeners.ts";
import { metricsOf } from "../extensions/control/extension-metrics.ts";
import { statusOf } from "../extensions/control/extension-status.ts";
import type { OwnCommands } from "../extensions/control/own-commands.ts";
import { partnerSwitchIn } from "../extensions/control/partner-switch.ts";
import { limitLeases } from "../extensions/limits/limit-leases.ts";
import {
  type Extensions,
  keepsExtensions,
  startExtensions,
  stopExtensions,
  tellConfigured,
  without,
} from "../extensions/start-extensions.ts";
import type { HostDatabases } from "../hosts/database/host-source.ts";
import type { Keeper, SharedNames } from "../leases/model/adoption.ts";
import type { LeaseStore } from "../leases/model/lease-store.ts";
import type { Statistics, StatisticTable } from "../stats/statistics.ts";
import { metricsOfHosts, statusOfHosts } from "./databases/host-health.ts";
import { closeHostDatabases } from "./databases/open-host-databases.ts";
import { type ExplainParts, explainPacket } from "./explain/explain-packet.ts";
import type { TrialParts } from "./explain/try-packet.ts";
import { keeperIn } from "./leases/keeper.ts";
import { Upkeep } from "./leases/upkeep.ts";
import { type PacketlessEvents, packetlessEvents } from "./packetless-events.ts";
import { BatchMeasures } from "./packets/batch-measures.ts";
import { extendPath } from "./packets/extended-path.ts";
import type { PacketPath, PathTypes } from "./packets/packet-path.ts";
import { Pipeline } from "./packets/pipeline.ts";
import type { PathReporter } from "./packets/report/path-reporter.ts";
import { ELSEWHERE, HERE, TRIPS } from "./packets/turns.ts";
import { Reception, type Serving } from "./reception.ts";
import type { ServerConfig, ServerFamily } from "./server-family.ts";
import type { ServerParts } from "./server-parts.ts";

interface Parts<T extends PathTypes>
  extends Pick<
    ServerParts<LeaseStore<T["lease"], T["batch"]>, StatisticTable>,
    "store" | "health" | "leaseClock" | "clock" | "log" | "paths" | "onStatus" | "giveUp" | "openLogTable"
  > {
  readonly path: PacketPath<T>;
  readonly reporter: PathReporter<T>;
  readonly statistics: Pick<Statistics<StatisticTable>, "report">;
  readonly own: OwnCommands;
  readonly names: Pick<SharedNames<T["lease"]>, "adopt" | "askKeeper">;
}

/** How often the clock is looked at for jumps, and the transport for packets that it could not give us. */
const TICK = 1000;

export class DhcpServer<T extends PathTypes, Config extends ServerConfig> {
  readonly #family: ServerFamily<T, Config>;
  readonly #parts: Parts<T>;
  readonly #trialParts: TrialParts<T>;
  readonly #pipeline: Pipeline<T>;
  #extensions: Extensions;
  #hosts: HostDatabases<T["hostDatabase"]>;
  readonly #events: PacketlessEvents<T["lease"]>;
  readonly #keeperOf: (lease: T["lease"]) => Keeper;
  readonly #announced: Announcements;
  /** What extensions bring. */
  #commands: ReadonlyMap<string, Command<unknown>>;
  readonly #ticker: NodeJS.Timeout;
  readonly #reception: Reception<T, Config>;
  readonly #service = new ServiceState();
  #config: Config;
  readonly #measures: BatchMeasures;
  #upkeep: Upkeep<T["lease"], T["batch"]>;

  private constructor(
    family: ServerFamily<T, Config>,
    config: Config,
    service: T["service"],
    extensions: Extensions,
    hosts: HostDatabases<T["hostDatabase"]>,
    announced: Announcements,
    parts: Parts<T>,
  ) {
    const { log, leaseClock, store, reporter } = parts;
    this.#family = family;
    this.#parts = parts;
    this.#config = config;
    this.#extensions = extensions;
    this.#announced = announced;
    this.#hosts = hosts;
    this.#commands = commandsOf(extensions, family.commands, log);
    this.#events = packetlessEvents(() => this.#extensions, parts.path.shown);
    this.#keeperOf = keeperIn(() => this.#extensions, parts.path.shown);
    parts.names.askKeeper(this.#keeperOf);
    this.#service.onPartner = partnerSwitchIn(() => this.#extensions);
    this.#measures = new BatchMeasures(parts.clock);
    this.#reception = new Reception(family, config, parts, this.#serving(), () => parts.onStatus(this.describe()));
    announced.onChange = () => parts.onStatus(this.describe());
    this.#trialParts = {
      store,
      clock: leaseClock,
      beginHosts: (compiled) => family.beginHosts(compiled),
      isOurAddress: (address) => this.#reception.interfaces.has(address),
      isOn: () => this.#service.isOn,
      random: Math.random,
    };
    this.#pipeline = new Pipeline(extendPath(parts.path, extensions), service, {
      ...this.#trialParts,
      reporter,
      newSendBatch: () => this.#reception.newSendBatch(),
      interfaceOf: (ifindex) => this.#reception.interfaces.get(ifindex),
      parkedLimit: () => this.#config["parked-packet-limit"] || Number.POSITIVE_INFINITY,
      measures: this.#measures,
    });
    this.#upkeep = this.#startUpkeep();
    this.#reception.open();
    for (const companion of family.companions) companion.configure(config, service);
    this.#ticker = setInterval(() => this.#tick(), TICK);
  }

  static async start<T extends PathTypes, Config extends ServerConfig>(
    family: ServerFamily<T, Config>,
    config: Config,
    parts: Parts<T>,
  ): Promise<DhcpServer<T, Config>> {
    const announced = new Announcements();
    const extensions = await begin(family, config, parts, announced);
    await limitLeases(extensions, [], parts.store);
    const hosts = await family.openHosts(config, undefined);
    const service = atOnce(family.compile(config, undefined, hosts));
    atOnce(family.list(service));
    return new DhcpServer(family, config, service, extensions, hosts, announced, parts);
  }

  /** Whether every interface that the configuration names is served. */
  get isComplete(): boolean {
    return this.#reception.interfaces.isComplete;
  }

  /** One line: what is served, what is not and why, and what extensions say of themselves. */
  describe(): string {
    return this.#announced.behind(this.#reception.interfaces.describe());
  }

  /** Takes a new configuration into force beside service: no packet is lost, sockets that are still wanted stay. */
  async reconfigure(config: Config): Promise<void> {
    const before = this.#config;
    const former = this.#extensions;
    // It looks at all subnets, as the next step does.
    const pace = new Pace();
    const keeps = keepsExtensions(before, config);
    await pace.rest();
    const extensions = keeps ? former : await begin(this.#family, config, this.#parts, this.#announced, former);
    const formerHosts = this.#hosts;
    let hosts = formerHosts;
    try {
      if (!isDeepStrictEqual(before["hosts-databases"], config["hosts-databases"]))
        hosts = await this.#family.openHosts(config, formerHosts);
      const service = await this.#compile(config, hosts);
      if (extensions !== former) await limitLeases(extensions, former, this.#parts.store);
      this.#pipeline.service = service;
    } catch (error) {
      await stopExtensions(without(extensions, former), this.#parts.log);
      if (hosts !== formerHosts) await closeHostDatabases(hosts, formerHosts);
      throw error;
    }
    if (!isDeepStrictEqual(before["lease-database"], config["lease-database"])) {
      this.#parts.log.log(this.#family.messages.LEASE_DATABASE_KEPT);
    }
    this.#pipeline.path = extendPath(this.#parts.path, extensions);
    this.#extensions = extensions;
    this.#hosts = hosts;
    if (extensions !== former) this.#commands = commandsOf(extensions, this.#family.commands, this.#parts.log);
    this.#config = config;
    this.#upkeep[Symbol.dispose]();
    this.#upkeep = this.#startUpkeep();
    await this.#reception.configure(config);
    for (const companion of this.#family.companions) companion.configure(config, this.#pipeline.service);
    tellConfigured(extensions, this.#parts.log);
    if (extensions === former && hosts === formerHosts) return;
    await this.#pipeline.settled();
    await stopExtensions(without(former, extensions), this.#parts.log);
    this.#announced.keep(extensions);
    if (hosts !== formerHosts) await closeHostDatabases(formerHosts, hosts);
  }

  async #compile(config: Config, hosts: HostDatabases<T["hostDatabase"]>): Promise<T["service"]> {
    const service = await atPace(this.#family.compile(config, this.#pipeline.service, hosts));
    await atPace(this.#family.list(service));
    return service;
  }

  takeCommands(life: LifeContext<Config>): Commands {
    const { health, store } = this.#parts;
    const commands = this.#family.takeCommands({
      ...life,
      service: this.#service,
      compiled: () => this.#pipeline.service,
      extensionCommands: () => this.#commands,
      leaseChanged: this.#events.leaseChanged,
      carriedOut: this.#events.carriedOut,
      reclaim: (isForgotten) => this.#upkeep.reclaim(isForgotten),
      compact: store.compact?.bind(store),
      explain: (packet) => explainPacket(this.#family.explainRules, this.#explainParts(), packet),
      served: (name) => this.#reception.interfaces.find(name),
      interfaces: () => this.#reception.list(),
      changeInterfaces: (change) =>
        life.changeConfig((config) => {
          const interfaces = change(config["interfaces-config"].interfaces);
          return interfaces && { ...config, "interfaces-config": { ...config["interfaces-config"], interfaces } };
        }),
      status: () => ({
        ...(life.source?.isUsed === true ? { "config-database": life.source.status()! } : {}),
        "dhcp-state": this.#service.describe(),
        ...statusOfHosts(this.#hosts),
        "lease-database": { status: health.isUp ? "ready" : "failed", type: health.type },
        "multi-threading-enabled": false,
        sockets: this.isComplete
          ? { status: "ready" }
          : { errors: [this.#reception.interfaces.describe()], status: "failed" },
        ...statusOf(this.#extensions),
      }),
    });
    this.#parts.own.take(commands);
    return commands;
  }

  listeners(): readonly Listener[] {
    return listenersOf(this.#extensions);
  }

  async metrics(): Promise<readonly Metric[]> {
    const own = await this.#family.metrics({
      config: this.#config,
      measures: this.#measures,
      waiting: this.#reception.waiting,
      isOn: this.#service.isOn,
      isComplete: this.isComplete,
    });
    return [...own, ...metricsOfHosts(this.#hosts), ...metricsOf(this.#extensions)];
  }

  #explainParts(): ExplainParts<T> {
    return {
      ...this.#trialParts,
      path: this.#parts.path,
      extend: (path) => extendPath(path, this.#extensions),
      service: this.#pipeline.service,
      served: (name) => (name === undefined ? this.#reception.interfaces.first : this.#reception.interfaces.find(name)),
    };
  }

  #startUpkeep(): Upkeep<T["lease"], T["batch"]> {
    const { store, leaseClock, log, names } = this.#parts;
    const rules = this.#config["expired-leases-processing"];
    const shared = { keeperOf: this.#keeperOf, adopt: names.adopt.bind(names) };
    return new Upkeep(rules, store, leaseClock, log, this.#family.messages, this.#events.over, shared);
  }

  #serving(): Serving<T["address"]> {
    const { store, reporter } = this.#parts;
    const { urgencyOf, isKnown } = this.#family;
    const commitsElsewhere = () => this.#pipeline.path.commitsElsewhere === true;
    const asksForHosts = () => this.#hosts.databases.some(({ peek }) => peek === undefined);
    return {
      rules: {
        turnsAway: (datagram) => this.#pipeline.turnsAway(datagram),
        urgencyOf,
        isKnown: (datagram) => isKnown(datagram, store.begin()),
        mixes: () => !store.gathers && !commitsElsewhere(),
      },
      serve: (batch, onStored) => this.#pipeline.serve(batch, onStored),
      gathering: () => (asksForHosts() ? TRIPS : commitsElsewhere() ? ELSEWHERE : HERE),
      stale: () => reporter.stale(),
    };
  }

  #tick(): void {
    const { jumped } = this.#parts.leaseClock.tick();
    if (jumped > 0) this.#parts.store.shift(jumped);
    this.#reception.check();
  }

  /** Answers what is in flight and takes nothing more. */
  async stop(): Promise<void> {
    clearInterval(this.#ticker);
    this.#upkeep[Symbol.dispose]();
    await this.#reception.close();
    await stopExtensions(this.#extensions, this.#parts.log);
    await closeHostDatabases(this.#hosts);
    for (const companion of this.#family.companions) await companion.stop();
    this.#reception[Symbol.dispose]();
    await this.#parts.store.close();
  }
}

/** The extensions of a configuration. @throws PlainError when one of them does not start */
function begin<T extends PathTypes, Config extends ServerConfig>(
  { number: family }: Pick<ServerFamily<T, Config>, "number">,
  config: Config,
  { log, leaseClock, clock, paths, own, statistics, openLogTable }: Parts<T>,
  { set: announce }: Announcements,
  former?: Extensions,
): Promise<Extensions> {
  const rules = { directory: paths.extensions, known: undefined };
  const report = (name: string, value: number) => statistics.report(name, value, clock.wall());
  const surroundings = { log, clock: leaseClock, directories: paths, command: own.ask, report, announce, openLogTable };
  return startExtensions(config, { rules, family, ...surroundings }, former);
}
