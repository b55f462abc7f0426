/** A running DHCP server: sockets, leases, packet path and upkeep, and how a new configuration takes over. */
import { isDeepStrictEqual } from "node:util";
import type { Listener } from "@kotare/extension";
import type { Interface, InterfaceWatch } from "@kotare/netio/interfaces/interface";
import { watchInterfaces } from "@kotare/netio/interfaces/interfaces";
import type { SendBatch, Transport } from "@kotare/netio/transports/datagram";
import { Pace } from "../base/pace.ts";
import { atOnce, atPace } from "../base/steps.ts";
import { Timer } from "../base/timer.ts";
import type { Command } from "../control/command.ts";
import type { Commands } from "../control/command-table.ts";
import type { LifeContext } from "../control/daemon-context.ts";
import type { HostInterface } from "../control/dhcp-context.ts";
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
  without,
} from "../extensions/start-extensions.ts";
import type { HostDatabases } from "../hosts/database/host-source.ts";
import type { Keeper, SharedNames } from "../leases/model/adoption.ts";
import type { LeaseStore } from "../leases/model/lease-store.ts";
import type { Statistics, StatisticTable } from "../stats/statistics.ts";
import { closeHostDatabases } from "./databases/open-host-databases.ts";
import { DeliveringBatch } from "./dhcp4o6/delivering-batch.ts";
import { type ExplainParts, explainPacket } from "./explain/explain-packet.ts";
import type { TrialParts } from "./explain/try-packet.ts";
import { ServedInterfaces } from "./interfaces/served-interfaces.ts";
import type { Sockets } from "./interfaces/sockets.ts";
import { keeperIn } from "./leases/keeper.ts";
import { Upkeep } from "./leases/upkeep.ts";
import { type PacketlessEvents, packetlessEvents } from "./packetless-events.ts";
import { BatchMeasures } from "./packets/batch-measures.ts";
import { extendPath } from "./packets/extended-path.ts";
import { Intake, type IntakeRules } from "./packets/intake.ts";
import type { PacketPath, PathTypes } from "./packets/packet-path.ts";
import type { PathReporter } from "./packets/path-reporter.ts";
import { Pipeline } from "./packets/pipeline.ts";
import { ELSEWHERE, HERE, type Serve, TRIPS, Turns } from "./packets/turns.ts";
import { UnseenPackets } from "./packets/unseen-packets.ts";
import type { Doors, ServerConfig, ServerFamily } from "./server-family.ts";
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
  readonly #watch: InterfaceWatch;
  readonly #ticker: NodeJS.Timeout;
  readonly #requireAll: Timer | undefined;
  readonly #interfaces: ServedInterfaces<T["address"], Config["interfaces-config"]>;
  readonly #service = new ServiceState();
  readonly #unseen: UnseenPackets;
  #config: Config;
  #sockets: Sockets<T["address"]>;
  readonly #measures: BatchMeasures;
  #turns: Turns<T["address"]> | undefined;
  /** Of packets that come by other ways than our sockets. */
  readonly #otherTurns: Turns<T["address"]>[] = [];
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
    this.#watch = watchInterfaces((present) => this.#update(present));
    this.#sockets = this.#openSockets();
    this.#interfaces = new ServedInterfaces(
      family.interfaceRules,
      config["interfaces-config"],
      (served) => this.#sockets.claim(served),
      log,
      family.messages,
      () => {
        this.#sockets.refresh();
        parts.onStatus(this.describe());
      },
    );
    announced.onChange = () => parts.onStatus(this.describe());
    this.#trialParts = {
      store,
      clock: leaseClock,
      beginHosts: (compiled) => family.beginHosts(compiled),
      isOurAddress: (address) => this.#interfaces.has(address),
      isOn: () => this.#service.isOn,
      random: Math.random,
    };
    this.#pipeline = new Pipeline(extendPath(parts.path, extensions), service, {
      ...this.#trialParts,
      reporter,
      newSendBatch: () => this.#newSendBatch(),
      interfaceOf: (ifindex) => this.#interfaces.get(ifindex),
      parkedLimit: () => this.#config["parked-packet-limit"] || Number.POSITIVE_INFINITY,
      measures: this.#measures,
    });
    this.#upkeep = this.#startUpkeep();
    this.#unseen = new UnseenPackets(log, family.messages);
    for (const companion of family.companions) companion.open?.(this.#doors());
    this.#update(this.#watch.interfaces);
    for (const companion of family.companions) companion.configure(config, service);
    this.#ticker = setInterval(() => this.#tick(), TICK);
    this.#requireAll = this.#startRequiring();
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
    return this.#interfaces.isComplete;
  }

  /** One line: what is served, what is not and why, and what extensions say of themselves. */
  describe(): string {
    return this.#announced.behind(this.#interfaces.describe());
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
    if (!this.#family.keepsSockets(before, config)) await this.#replaceSockets();
    this.#interfaces.configure(config["interfaces-config"]);
    for (const companion of this.#family.companions) companion.configure(config, this.#pipeline.service);
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
      served: (name) => this.#interfaces.find(name),
      interfaces: () => this.#listInterfaces(),
      changeInterfaces: (change) =>
        life.changeConfig((config) => {
          const interfaces = change(config["interfaces-config"].interfaces);
          return interfaces && { ...config, "interfaces-config": { ...config["interfaces-config"], interfaces } };
        }),
      status: () => ({
        ...(life.source?.isUsed === true ? { "config-database": life.source.status()! } : {}),
        "dhcp-state": this.#service.describe(),
        "lease-database": { status: health.isUp ? "ready" : "failed", type: health.type },
        "multi-threading-enabled": false,
        sockets: this.isComplete ? { status: "ready" } : { errors: [this.#interfaces.describe()], status: "failed" },
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
      waiting: this.#turns?.waiting ?? 0,
      isOn: this.#service.isOn,
      isComplete: this.isComplete,
    });
    return [...own, ...metricsOf(this.#extensions)];
  }

  #explainParts(): ExplainParts<T> {
    return {
      ...this.#trialParts,
      path: this.#parts.path,
      extend: (path) => extendPath(path, this.#extensions),
      service: this.#pipeline.service,
      served: (name) => (name === undefined ? this.#interfaces.first : this.#interfaces.find(name)),
    };
  }

  #listInterfaces(): readonly HostInterface[] {
    const links = [...this.#watch.interfaces.values()].sort((a, b) => a.index - b.index);
    return links.map((link) => ({ ...link, isServed: this.#interfaces.get(link.index) !== undefined }));
  }

  #update(present: ReadonlyMap<number, Interface>): void {
    this.#interfaces.update(present);
    for (const companion of this.#family.companions) companion.update(present);
  }

  #startUpkeep(): Upkeep<T["lease"], T["batch"]> {
    const { store, leaseClock, log, names } = this.#parts;
    const rules = this.#config["expired-leases-processing"];
    const shared = { keeperOf: this.#keeperOf, adopt: names.adopt.bind(names) };
    return new Upkeep(rules, store, leaseClock, log, this.#family.messages, this.#events.over, shared);
  }

  #openSockets(): Sockets<T["address"]> {
    return this.#family.openSockets(this.#config, this.#watch, (transport) => {
      this.#turns = this.#takeTurns(transport);
    });
  }

  #newSendBatch(): SendBatch<T["address"]> {
    const { transport } = this.#sockets;
    if (this.#family.delivers?.() === true) return new DeliveringBatch(transport?.newSendBatch());
    return transport!.newSendBatch();
  }

  #doors(): Doors<T["address"]> {
    return {
      serve: (transport) => this.#otherTurns.push(this.#takeTurns(transport)),
      newSendBatch: () => this.#sockets.transport?.newSendBatch(),
      served: (name) => this.#interfaces.find(name),
    };
  }

  #takeTurns(transport: Transport<T["address"]>): Turns<T["address"]> {
    const { clock, store, reporter } = this.#parts;
    const { urgencyOf, isKnown } = this.#family;
    const commitsElsewhere = () => this.#pipeline.path.commitsElsewhere === true;
    const asksForHosts = () => this.#hosts.databases.some(({ peek }) => peek === undefined);
    const rules: IntakeRules<T["address"]> = {
      turnsAway: (datagram) => this.#pipeline.turnsAway(datagram),
      urgencyOf,
      isKnown: (datagram) => isKnown(datagram, store.begin()),
      mixes: () => (!store.gathers || asksForHosts()) && !commitsElsewhere(),
    };
    const intake = new Intake<T["address"]>(clock, rules, (waiting) => {
      reporter.stale();
      waiting.holder.done();
    });
    const serve: Serve<T["address"]> = (batch, onStored) => this.#pipeline.serve(batch, onStored);
    const gathering = () => (asksForHosts() ? TRIPS : commitsElsewhere() ? ELSEWHERE : HERE);
    return new Turns(transport, intake, serve, store, clock, gathering);
  }

  /** The one thing that cannot be changed beside service. */
  async #replaceSockets(): Promise<void> {
    await this.#turns?.stop();
    this.#interfaces.release();
    this.#sockets[Symbol.dispose]();
    this.#sockets = this.#openSockets();
  }

  #startRequiring(): Timer | undefined {
    const interfaces = this.#config["interfaces-config"];
    if (interfaces["service-sockets-require-all"] !== true) return undefined;
    const tries = interfaces["service-sockets-max-retries"] ?? 0;
    const pause = interfaces["service-sockets-retry-wait-time"] ?? 5000;
    return Timer.after(tries * pause, () => {
      if (this.isComplete) return;
      this.#parts.giveUp(`service-sockets-require-all is set, and it serves ${this.#interfaces.describe()}`);
    });
  }

  #tick(): void {
    const { jumped } = this.#parts.leaseClock.tick();
    if (jumped > 0) this.#parts.store.shift(jumped);
    const { transport } = this.#sockets;
    if (transport !== undefined) this.#unseen.check(transport.stats, this.#parts.clock.monotonic() / 1000);
  }

  /** Answers what is in flight and takes nothing more. */
  async stop(): Promise<void> {
    clearInterval(this.#ticker);
    this.#requireAll?.stop();
    this.#watch[Symbol.dispose]();
    this.#upkeep[Symbol.dispose]();
    await this.#turns?.stop();
    for (const turns of this.#otherTurns) await turns.stop();
    await stopExtensions(this.#extensions, this.#parts.log);
    await closeHostDatabases(this.#hosts);
    for (const companion of this.#family.companions) await companion.stop();
    this.#interfaces[Symbol.dispose]();
    this.#sockets[Symbol.dispose]();
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
