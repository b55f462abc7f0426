/** The whole packet path for tests: real pipeline, real lease file on a disk in memory, a clock that is moved by hand. */

import { ManualClock } from "@kotare/core/base/clock";
import { atOnce } from "@kotare/core/base/steps";
import type { Dhcp4Config } from "@kotare/core/config/dhcp4-config";
import { dhcp4Family } from "@kotare/core/config/dhcp4-family";
import { type InsideText, parseInside } from "@kotare/core/config/testing/parse-inside";
import type { Commands } from "@kotare/core/control/command-table";
import { RecentEvents } from "@kotare/core/control/commands/event/recent-events";
import type { GivenPacket } from "@kotare/core/control/given-packet";
import { ServiceState } from "@kotare/core/control/service-state";
import { daemonPaths } from "@kotare/core/daemon/paths";
import type { LogRow } from "@kotare/core/databases/log-table";
import { noNames } from "@kotare/core/ddns/testing/no-names";
import { withExtensions } from "@kotare/core/extensions/check-extensions";
import { commandsOf } from "@kotare/core/extensions/control/extension-commands";
import { listenersOf } from "@kotare/core/extensions/control/extension-listeners";
import { OwnCommands } from "@kotare/core/extensions/control/own-commands";
import { partnerSwitchIn } from "@kotare/core/extensions/control/partner-switch";
import { leaseLimitsOf } from "@kotare/core/extensions/limits/lease-limits-of";
import { RunningExtension } from "@kotare/core/extensions/running-extension";
import { type Extensions, startExtensions, stopExtensions } from "@kotare/core/extensions/start-extensions";
import type { OnHostFault } from "@kotare/core/hosts/database/host-source";
import { formatIpv4, type Ipv4, parseIpv4 } from "@kotare/core/ip/ipv4";
import { lease4Csv } from "@kotare/core/leases/csv/lease4-csv";
import { SharedStore4 } from "@kotare/core/leases/database/shared-store4";
import { Memfile4 } from "@kotare/core/leases/file/memfile4";
import { LeaseClock } from "@kotare/core/leases/model/lease-clock";
import type { LeaseBatch4, LeaseStore4 } from "@kotare/core/leases/model/lease-store4";
import type { Lease4 } from "@kotare/core/leases/model/lease4";
import { leaseCounters4 } from "@kotare/core/leases/statistics/lease-counters4";
import { LeaseStatistics } from "@kotare/core/leases/statistics/lease-statistics";
import type { MemoryDatabase4 } from "@kotare/core/leases/testing/memory-database4";
import { RecordingLogger } from "@kotare/core/log/testing/recording-logger";
import type { Followers } from "@kotare/core/server/command-context";
import { explainPacket } from "@kotare/core/server/explain/explain-packet";
import { PacketRecord } from "@kotare/core/server/explain/packet-record";
import type { TrialParts } from "@kotare/core/server/explain/try-packet";
import type { ServedInterface } from "@kotare/core/server/interfaces/served-interfaces";
import { keeperIn } from "@kotare/core/server/leases/keeper";
import { Upkeep } from "@kotare/core/server/leases/upkeep";
import { packetlessEvents } from "@kotare/core/server/packetless-events";
import { BatchMeasures } from "@kotare/core/server/packets/batch-measures";
import { extendPath } from "@kotare/core/server/packets/extended-path";
import { BatchHolder } from "@kotare/core/server/packets/intake";
import type { PacketPath } from "@kotare/core/server/packets/packet-path";
import { Pipeline } from "@kotare/core/server/packets/pipeline";
import { Statistics } from "@kotare/core/stats/statistics";
import { statistics4 } from "@kotare/core/stats/statistics4";
import { CrashDisk, diskError } from "@kotare/core/storage/testing/crash-disk";
import { listedSubnets4 } from "@kotare/core/subnets/listed-subnets4";
import { testSecret } from "@kotare/core/summons/testing/test-secret";
import type { Listener } from "@kotare/extension";
import { type MemoryDatagram, MemoryTransport4 } from "@kotare/netio/testing/memory-transport";
import { askCommand, loneServer, type ReadAnswer } from "@kotare/testkit/command-asker";
import { csvText } from "@kotare/testkit/csv-text";
import { type Numbers, readGauges, recountGauges } from "@kotare/testkit/gauges";
import { formatMac } from "@kotare/testkit/payloads";
import { type ReadMessage4, readMessage4 } from "@kotare/testkit/read-message4";
import { onTestFinished } from "vitest";
import { explainRules4 } from "../explain/explain-rules4.ts";
import { explain4 } from "../explain/explain4.ts";
import { shown4 } from "../extensions/shown4.ts";
import type { Path4 } from "../path/outcome4.ts";
import { packetPath4 } from "../path/packet-path4.ts";
import { beginHosts4, compileService4, type Service4 } from "../path/service4.ts";
import { server4 } from "../report/messages4.ts";
import { Reporter4 } from "../report/reporter4.ts";
import { callOnChange4 } from "../summons/call-on-change4.ts";
import { ForceRenewer4 } from "../summons/force-renewer4.ts";
import { commands4, takeCommands4 } from "../take-commands4.ts";
import { MovedHosts4 } from "./moved-hosts4.ts";
import type { TestServer4Options } from "./test-server4-options.ts";
import { toldDrops4 } from "./told-drops4.ts";
import { toldLease4 } from "./told-lease4.ts";

/** The map inside `Dhcp4`. */
export type Dhcp4Text = InsideText;

/** A reply and where it was sent. */
export interface TestReply4 extends ReadMessage4 {
  /** As `192.0.2.10:68 on 1 from 192.0.2.1 to 02:00:00:00:00:01`; the last part is missing for a broadcast. */
  readonly sentTo: string;
}

export const ETH0: ServedInterface<Ipv4> = {
  index: 1,
  name: "eth0",
  mtu: 1500,
  mac: Uint8Array.of(2, 0, 0, 0, 1, 0),
  addresses: [parseIpv4("192.0.2.1")!],
};
export const LEASE_FILE = "/leases/kea-leases4.csv";

export class TestServer4 {
  readonly clock: ManualClock;
  readonly disk: CrashDisk;
  readonly log = new RecordingLogger();
  readonly own = new OwnCommands();
  /** What clients are called with. */
  secret = testSecret();
  readonly summoner: ForceRenewer4;
  readonly calls: ReturnType<typeof callOnChange4>;
  /** Of the forensic log, where it is in a database. */
  readonly logRows: LogRow[] = [];
  readonly statistics: Statistics<typeof statistics4>;
  readonly transport: MemoryTransport4;
  readonly store: Memfile4;
  readonly events: RecentEvents<Lease4>;
  readonly reporter: Reporter4;
  readonly pipeline: Pipeline<Path4>;
  /** Changed by tests in which an interface goes. */
  readonly interfaces: Map<number, ServedInterface<Ipv4>>;
  readonly #leaseClock: LeaseClock;
  /** What it serves from. */
  readonly served: LeaseStore4;
  readonly #database: MemoryDatabase4 | undefined;
  /** What is reserved, unless the configuration has it. */
  readonly hosts: MovedHosts4 | undefined;
  /** What is wrong with records of host databases. */
  readonly hostFaults: string[] = [];
  readonly #path: PacketPath<Path4>;
  readonly #trialParts: TrialParts<Path4>;
  readonly record: PacketRecord<Path4>;
  readonly #wrap: <T extends object>(part: T) => T;
  readonly #service = new ServiceState();
  readonly commands: Commands;
  #extensions: Extensions = [];
  readonly #events = packetlessEvents<Path4>(() => this.#extensions, shown4);
  /** As its extensions say. */
  readonly keeperOf = keeperIn(() => this.#extensions, shown4);
  readonly #names: Followers<Lease4>["names"];
  #xid = 0x1000_0000;

  private constructor(
    config: Dhcp4Text,
    store: Memfile4,
    disk: CrashDisk,
    clock: ManualClock,
    options: TestServer4Options,
  ) {
    const { interfaces = [ETH0], random = () => 0, database, faults, steps = (path) => path } = options;
    const leases = options.leases ?? (database === undefined ? store : new SharedStore4(database, clock, random));
    const wrap = <T extends object>(part: T): T => faults?.wrap(part) ?? part;
    this.served = leases;
    this.#database = database;
    this.hosts = options.keepsHostsElsewhere === true ? new MovedHosts4() : undefined;
    this.clock = clock;
    this.statistics = new Statistics(statistics4, clock.wall());
    this.transport = new MemoryTransport4(clock);
    this.#leaseClock = new LeaseClock(clock, store.newest, () => {});
    this.events = new RecentEvents(clock, () => this.#leaseClock.wall());
    leases.watch(this.events);
    this.#names = options.openNames?.(this, store) ?? noNames;
    this.store = store;
    this.disk = disk;
    this.interfaces = new Map(interfaces.map((each) => [each.index, each]));
    const ports = { server: 67, client: 68 };
    this.reporter = new Reporter4(this.log, this.statistics, ports, () => clock.wall());
    this.reporter.events = this.events;
    this.summoner = new ForceRenewer4(this.log, ports, () => this.reporter.forcedRenewal());
    this.reporter.summoned = this.summoner;
    this.summoner.open({
      newSendBatch: () => this.transport.newSendBatch(),
      served: (name) => [...this.interfaces.values()].find((one) => one.name === name),
    });
    onTestFinished(() => this.summoner.stop());
    this.calls = callOnChange4(this.summoner, leases, this.#leaseClock, this.log);
    this.record = new PacketRecord(clock, explain4);
    this.reporter.record = this.record;
    this.#path = steps(packetPath4(ports));
    this.#wrap = wrap;
    this.#trialParts = {
      store: { begin: () => wrap(leases.begin()) },
      beginHosts: beginHosts4,
      clock: this.#leaseClock,
      isOurAddress: (address) => [...this.interfaces.values()].some(({ addresses }) => addresses.includes(address)),
      isOn: () => this.#service.isOn,
      random,
    };
    this.pipeline = new Pipeline(wrap(this.#path), this.#compile(config), {
      ...this.#trialParts,
      reporter: wrap(this.reporter),
      newSendBatch: () => wrap(this.transport.newSendBatch()),
      interfaceOf: (ifindex) => this.interfaces.get(ifindex),
      parkedLimit: () => this.pipeline.service.config["parked-packet-limit"],
      measures: new BatchMeasures(clock),
    });
    this.summoner.configure(config, this.pipeline.service);
    this.calls.configure(this.pipeline.service.config);
    this.#service.onPartner = partnerSwitchIn(() => this.#extensions);
    this.commands = this.#takeCommands("/leases");
    this.own.take(this.commands);
  }

  static async start(config: Dhcp4Text, options: TestServer4Options = {}): Promise<TestServer4> {
    const { clock, disk } = options.machine ?? { clock: new ManualClock(), disk: new CrashDisk() };
    const store = await Memfile4.open({
      path: LEASE_FILE,
      lfcInterval: 0,
      maxRowErrors: 0,
      subnetCheck: { mode: "none", subnetIdOf: () => undefined },
      clock,
      report: () => {},
      disk,
    });
    const server = new TestServer4(config, store, disk, clock, options);
    await server.#extend(config);
    await LeaseStatistics.start(store, {
      countersOf: (lease) => leaseCounters4(server.statistics, lease),
      now: () => server.#leaseClock.wall(),
      wall: () => clock.wall(),
    });
    return server;
  }

  /** Starts the extensions that the configuration names. */
  async #extend(config: Dhcp4Text): Promise<void> {
    const { log } = this;
    const rules = { directory: "/extensions", known: undefined };
    const parsed = parseText4(config);
    if (parsed["hooks-libraries"].length === 0) return;
    const extensions = await startExtensions(parsed, {
      rules,
      family: 4,
      log,
      clock: this.#leaseClock,
      directories: daemonPaths({}),
      command: this.own.ask,
      announce: () => undefined,
      openLogTable: async () => ({
        insert: async (rows) => void this.logRows.push(...rows),
        close: () => Promise.resolve(),
      }),
      report: (name, value) => this.statistics.report(name, value, this.clock.wall()),
    });
    onTestFinished(() => stopExtensions(extensions, log));
    this.extendBy(extensions);
    await this.served.limit(extensions.flatMap(({ contributions }) => leaseLimitsOf(contributions)));
  }

  /** @param extensions that have been started */
  extendBy(extensions: Extensions): void {
    this.#extensions = extensions.map(
      ({ name, contributions }) => new RunningExtension(name, this.#wrap(contributions), this.log, this.clock),
    );
    this.pipeline.path = this.#wrap(extendPath(this.#path, this.#extensions));
  }

  /** Where its extensions want commands to be taken. */
  get listeners(): readonly Listener[] {
    return listenersOf(this.#extensions);
  }

  /** What extensions are told of time. */
  get leaseClock(): LeaseClock {
    return this.#leaseClock;
  }

  #compile(text: Dhcp4Text): Service4 {
    return this.#compileNext(parseText4(this.hosts?.move(text, parseText4(text)) ?? text));
  }

  #compileNext(config: Dhcp4Config, former?: Service4): Service4 {
    const onFault: OnHostFault = (_, { origin }, fault) => void this.hostFaults.push(`${origin}: ${fault}`);
    const databases = this.hosts === undefined ? [] : [this.hosts.database];
    const service = atOnce(
      compileService4(config, this.served, former, { databases, entries: [], onFault }, this.secret),
    );
    atOnce(this.statistics.list(listedSubnets4(service.scope), this.clock.wall()));
    return service;
  }

  /** As SIGHUP does. */
  reconfigure(config: Dhcp4Text): void {
    this.pipeline.service = this.#compile(config);
    this.summoner.configure(config, this.pipeline.service);
  }

  nextXid(): number {
    return this.#xid++;
  }

  /** Serves the datagrams as one batch. Resolves with what was sent meanwhile, in order. */
  async serve(...datagrams: readonly MemoryDatagram[]): Promise<TestReply4[]> {
    for (const datagram of datagrams) this.transport.deliver(datagram);
    const batch = this.transport.receive(datagrams.length)!;
    const holder = new BatchHolder(batch);
    await this.pipeline.serve(batch.datagrams.map((datagram) => ({ datagram, holder })));
    return this.transport.takeSent().map(({ payload, to }) => {
      const mac = to.mac === undefined ? "" : ` to ${formatMac(to.mac)}`;
      const sentTo = `${formatIpv4(to.address)}:${to.port} on ${to.ifindex} from ${formatIpv4(to.source)}${mac}`;
      return { ...readMessage4(payload), sentTo };
    });
  }

  /** Until `mendDisk`, no change of a lease can be written. */
  breakDisk(broken: "pwrite" | "fdatasync" = "pwrite"): void {
    this.disk.fault = (call) => (call === broken ? diskError(call, "EIO") : undefined);
    if (this.#database !== undefined) this.#database.fault = diskError(broken, "EIO");
  }

  /** The disk works again, and the time after which it is tried again is over. */
  mendDisk(): void {
    this.disk.fault = () => undefined;
    if (this.#database !== undefined) this.#database.fault = undefined;
    this.clock.advance(11);
  }

  /** @param given the command's arguments @param data where it may write files */
  ask(command: string, given?: object, data?: string): Promise<ReadAnswer> {
    return askCommand(data === undefined ? this.commands : this.#takeCommands(data), command, given);
  }

  #takeCommands(data: string): Commands {
    const served = (name?: string) => [...this.interfaces.values()].find((one) => one.name === (name ?? one.name));
    const extend = (path: PacketPath<Path4>) => extendPath(path, this.#extensions);
    const parts = () => ({ path: this.#path, service: this.pipeline.service, extend, served });
    const around = {
      ...loneServer(
        () => this.pipeline.service.config,
        () => this.pipeline.service,
        {
          check: withExtensions(dhcp4Family, { directory: "/extensions", known: undefined }).check,
          use: (next) => {
            this.pipeline.service = this.#compileNext(next, this.pipeline.service);
          },
        },
      ),
      service: this.#service,
      compact: this.served.compact?.bind(this.served),
      explain: (packet: GivenPacket) => explainPacket(explainRules4, { ...this.#trialParts, ...parts() }, packet),
      ...this.#events,
      extensionCommands: () => commandsOf(this.#extensions, commands4, this.log),
      served,
    };
    const leaseClock = this.#leaseClock;
    return takeCommands4(
      around,
      { ...this, store: this.served, leaseClock, paths: daemonPaths({ KEA_DHCP_DATA_DIR: data }) },
      { names: this.#names, events: this.events, summoner: this.summoner, record: this.record, calls: this.calls },
    );
  }

  lease(address: string): Lease4 | undefined {
    return this.store.begin().byAddress(parseIpv4(address)!);
  }

  /** As the timers do, at once. */
  upkeep(): Upkeep<Lease4, LeaseBatch4> {
    const config = this.pipeline.service.config["expired-leases-processing"];
    const untimed = { ...config, "reclaim-timer-wait-time": 0, "flush-reclaimed-timer-wait-time": 0 };
    const shared = { keeperOf: this.keeperOf, adopt: this.#names.adopt.bind(this.#names) };
    return new Upkeep(untimed, this.served, this.#leaseClock, this.log, server4, this.#events.over, shared);
  }

  /** What is held, without offers: `192.0.2.10 02:00:00:00:00:01 assigned`. */
  leases(): string[] {
    return this.store.page(-1, 1000).map(toldLease4);
  }

  /** The lease file as it stands on the disk. */
  fileText(): string {
    return Buffer.from(this.disk.image.get(LEASE_FILE) ?? []).toString("latin1");
  }

  /** The lease file as a crash at this moment would leave it, whatever is not synced being lost; or the database's rows. */
  durableText(): string {
    if (this.#database !== undefined) return csvText(lease4Csv, this.#database.leases.values());
    const image = this.disk.imageAfterCrash(this.disk.length, () => 0);
    return Buffer.from(image.get(LEASE_FILE) ?? []).toString("latin1");
  }

  /** Counters that are not zero. */
  counts(): Readonly<Record<string, number>> {
    const counters = [...this.statistics.entries()].filter(([, { kind, value }]) => kind === "counter" && value !== 0);
    return Object.fromEntries(counters.map(([name, { value }]) => [name, Number(value)]));
  }

  /** Gauges that are not zero, and the same counted anew. */
  gauges(): readonly [Numbers, Numbers] {
    const subnets = listedSubnets4(this.pipeline.service.scope);
    const leases = this.store.page(-1, 1000);
    return [readGauges(this.statistics), recountGauges(statistics4, subnets, leases, leaseCounters4)];
  }

  count(name: keyof typeof statistics4.global): number {
    return Number(this.statistics.global[name].value);
  }

  /** Reasons of the packets dropped so far, in order. */
  drops(): string[] {
    return toldDrops4(this.log.lines);
  }
}

/** @throws Error with all faults when the configuration is refused */
export function parseText4(config: Dhcp4Text): Dhcp4Config {
  return parseInside(dhcp4Family, config);
}
