/** The decision path of dhcp6d for tests: real configuration, real lease file on a disk in memory, no sockets. */

import { ManualClock } from "@kotare/core/base/clock";
import { parseHex } from "@kotare/core/base/hex";
import { atOnce } from "@kotare/core/base/steps";
import type { Dhcp6Config } from "@kotare/core/config/dhcp6-config";
import { dhcp6Family } from "@kotare/core/config/dhcp6-family";
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
import { OwnCommands } from "@kotare/core/extensions/control/own-commands";
import { partnerSwitchIn } from "@kotare/core/extensions/control/partner-switch";
import { leaseLimitsOf } from "@kotare/core/extensions/limits/lease-limits-of";
import { RunningExtension } from "@kotare/core/extensions/running-extension";
import { type Extensions, startExtensions, stopExtensions } from "@kotare/core/extensions/start-extensions";
import { formatIpv6Key, type Ipv6Key, parseIpv6Key } from "@kotare/core/ip/ipv6-key";
import { lease6Csv } from "@kotare/core/leases/csv/lease6-csv";
import { SharedStore6 } from "@kotare/core/leases/database/shared-store6";
import { Memfile6 } from "@kotare/core/leases/file/memfile6";
import { LeaseState } from "@kotare/core/leases/model/lease";
import { LeaseClock } from "@kotare/core/leases/model/lease-clock";
import type { LeaseBatch6, LeaseStore6 } from "@kotare/core/leases/model/lease-store6";
import { type Lease6, LeaseType6 } from "@kotare/core/leases/model/lease6";
import { leaseCounters6 } from "@kotare/core/leases/statistics/lease-counters6";
import { LeaseStatistics } from "@kotare/core/leases/statistics/lease-statistics";
import type { MemoryDatabase6 } from "@kotare/core/leases/testing/memory-database6";
import { RecordingLogger } from "@kotare/core/log/testing/recording-logger";
import { type ExplainParts, explainPacket } from "@kotare/core/server/explain/explain-packet";
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
import { statistics6 } from "@kotare/core/stats/statistics6";
import { CrashDisk, diskError } from "@kotare/core/storage/testing/crash-disk";
import { listedSubnets6 } from "@kotare/core/subnets/listed-subnets6";
import { testSecret } from "@kotare/core/summons/testing/test-secret";
import { MemoryTransport6 } from "@kotare/netio/testing/memory-transport";
import { askCommand, loneServer, type ReadAnswer } from "@kotare/testkit/command-asker";
import { csvText } from "@kotare/testkit/csv-text";
import { type Numbers, readGauges, recountGauges } from "@kotare/testkit/gauges";
import { onTestFinished } from "vitest";
import { explainRules6 } from "../explain/explain-rules6.ts";
import { explain6 } from "../explain/explain6.ts";
import { shown6 } from "../extensions/shown6.ts";
import type { Path6 } from "../path/outcome6.ts";
import { packetPath6 } from "../path/packet-path6.ts";
import type { Ingress6 } from "../path/query6.ts";
import { beginHosts6, compileService6, type Service6 } from "../path/service6.ts";
import { server6 } from "../report/messages6.ts";
import { Reporter6 } from "../report/reporter6.ts";
import { callOnChange6 } from "../summons/call-on-change6.ts";
import { Reconfigurer6 } from "../summons/reconfigurer6.ts";
import { commands6, takeCommands6 } from "../take-commands6.ts";
import { MovedHosts6 } from "./moved-hosts6.ts";
import { nameOf, readReply6, type TestReply6 } from "./test-reply6.ts";
import type { TestServer6Options } from "./test-server6-options.ts";

/** The map inside `Dhcp6`. */
export type Dhcp6Text = InsideText;

/** What a test says about a packet beside its bytes. */
export type IngressChange = Partial<Omit<Ingress6, "interface">> & { readonly interfaceName?: string };

export const ip6 = (text: string) => parseIpv6Key(text)!;
export const SERVER_DUID = parseHex("00:03:00:01:02:00:00:00:00:fe")!;
const ETH0: ServedInterface<Ipv6Key> = {
  index: 1,
  name: "eth0",
  mtu: 1500,
  mac: new Uint8Array(6),
  addresses: [ip6("fe80::1"), ip6("2001:db8::1")],
};
export const LEASE_FILE = "/leases/kea-leases6.csv";
const PORTS = { server: 547, client: 546 };

export class TestServer6 {
  readonly clock: ManualClock;
  readonly log = new RecordingLogger();
  readonly own = new OwnCommands();
  /** What clients are called with. */
  secret = testSecret();
  readonly summoner: Reconfigurer6;
  readonly calls: ReturnType<typeof callOnChange6>;
  /** Of the forensic log, where it is in a database. */
  readonly logRows: LogRow[] = [];
  readonly events: RecentEvents<Lease6>;
  readonly statistics: Statistics<typeof statistics6>;
  /** In [0, 1): where the `random` allocator begins. */
  random = 0;
  readonly store: Memfile6;
  /** What it serves from. */
  readonly served: LeaseStore6;
  readonly #database: MemoryDatabase6 | undefined;
  /** What is reserved, unless the configuration has it. */
  readonly hosts: MovedHosts6 | undefined;
  readonly #disk: CrashDisk;
  readonly #serverDuid: Uint8Array;
  /** What extensions are told of time. */
  readonly leaseClock: LeaseClock;
  readonly #service = new ServiceState();
  readonly #commands: Commands;
  readonly transport: MemoryTransport6;
  readonly pipeline: Pipeline<Path6>;
  readonly #path: PacketPath<Path6>;
  readonly #trialParts: TrialParts<Path6>;
  readonly record: PacketRecord<Path6>;
  readonly #wrap: <T extends object>(part: T) => T;
  #extensions: Extensions = [];
  readonly #events = packetlessEvents<Path6>(() => this.#extensions, shown6);
  #interface: ServedInterface<Ipv6Key> = ETH0;

  private constructor(
    config: Dhcp6Text,
    store: Memfile6,
    disk: CrashDisk,
    clock: ManualClock,
    options: TestServer6Options,
  ) {
    const { database, keepsHostsElsewhere = false, faults, steps = (path) => path } = options;
    const leases = database === undefined ? store : new SharedStore6(database, clock, () => this.random);
    const wrap = <T extends object>(part: T): T => faults?.wrap(part) ?? part;
    this.served = leases;
    this.#database = database;
    this.hosts = keepsHostsElsewhere ? new MovedHosts6() : undefined;
    this.clock = clock;
    this.#serverDuid = options.serverDuid ?? SERVER_DUID;
    this.leaseClock = new LeaseClock(clock, store.newest, () => {});
    this.events = new RecentEvents(clock, () => this.leaseClock.wall());
    leases.watch(this.events);
    this.statistics = new Statistics(statistics6, clock.wall());
    this.store = store;
    this.#disk = disk;
    this.transport = new MemoryTransport6(clock);
    const reporter = new Reporter6(this.log, this.statistics, PORTS, () => clock.wall());
    reporter.events = this.events;
    this.summoner = new Reconfigurer6(this.log, PORTS, () => reporter.reconfigured());
    reporter.summoned = this.summoner;
    this.summoner.open({
      newSendBatch: () => this.transport.newSendBatch(),
      served: (name) => (name === this.#interface.name ? this.#interface : undefined),
    });
    onTestFinished(() => this.summoner.stop());
    this.calls = callOnChange6(this.summoner, leases, this.leaseClock, this.log);
    this.record = new PacketRecord(clock, explain6);
    reporter.record = this.record;
    this.#path = steps(packetPath6(PORTS));
    this.#wrap = wrap;
    this.#trialParts = {
      store: { begin: () => wrap(leases.begin()) },
      beginHosts: beginHosts6,
      clock: this.leaseClock,
      isOurAddress: (address) => this.#interface.addresses.includes(address),
      isOn: () => this.#service.isOn,
      random: () => this.random,
    };
    this.pipeline = new Pipeline(wrap(this.#path), this.#compile(config), {
      ...this.#trialParts,
      reporter: wrap(reporter),
      newSendBatch: () => wrap(this.transport.newSendBatch()),
      interfaceOf: () => this.#interface,
      parkedLimit: () => this.pipeline.service.config["parked-packet-limit"],
      measures: new BatchMeasures(clock),
    });
    this.summoner.configure(config, this.pipeline.service);
    this.calls.configure(this.pipeline.service.config);
    this.#service.onPartner = partnerSwitchIn(() => this.#extensions);
    this.#commands = this.#takeCommands("/leases");
    this.own.take(this.#commands);
  }

  static async start(config: Dhcp6Text, options: TestServer6Options = {}): Promise<TestServer6> {
    const { clock, disk } = options.machine ?? { clock: new ManualClock(), disk: new CrashDisk() };
    const store = await Memfile6.open({
      path: LEASE_FILE,
      lfcInterval: 0,
      maxRowErrors: 0,
      subnetCheck: { mode: "none", subnetIdOf: () => undefined },
      clock,
      report: () => {},
      disk,
    });
    const server = new TestServer6(config, store, disk, clock, options);
    await server.#extend(config);
    await LeaseStatistics.start(store, {
      countersOf: (lease) => leaseCounters6(server.statistics, lease),
      now: () => server.leaseClock.wall(),
      wall: () => clock.wall(),
    });
    return server;
  }

  /** Starts the extensions that the configuration names. */
  async #extend(config: Dhcp6Text): Promise<void> {
    const { clock, leaseClock, log } = this;
    const rules = { directory: "/extensions", known: undefined };
    const parsed = parseText6(config);
    if (parsed["hooks-libraries"].length === 0) return;
    const extensions = await startExtensions(parsed, {
      rules,
      family: 6,
      log,
      clock: leaseClock,
      directories: daemonPaths({}),
      command: this.own.ask,
      announce: () => undefined,
      openLogTable: async () => ({
        insert: async (rows) => void this.logRows.push(...rows),
        close: () => Promise.resolve(),
      }),
      report: (name, value) => this.statistics.report(name, value, clock.wall()),
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

  #compile(inside: Dhcp6Text): Service6 {
    return this.#compileNext(parseText6(this.hosts?.move(inside, parseText6(inside)) ?? inside));
  }

  #compileNext(config: Dhcp6Config, former?: Service6): Service6 {
    const databases = this.hosts === undefined ? [] : [this.hosts.database];
    const service = atOnce(
      compileService6(
        config,
        this.served,
        this.#serverDuid,
        former,
        { databases, entries: [], onFault: () => {} },
        this.secret,
      ),
    );
    atOnce(this.statistics.list(listedSubnets6(service.scope), this.clock.wall()));
    return service;
  }

  /** As SIGHUP does. */
  reconfigure(config: Dhcp6Text): void {
    this.pipeline.service = this.#compile(config);
    this.summoner.configure(config, this.pipeline.service);
  }

  /** @returns `undefined` for a message that gets no answer; the reason is then the last of `drops` */
  async serve(packet: Uint8Array, change: IngressChange = {}): Promise<TestReply6 | undefined> {
    await this.serveBatch([packet], change);
    const [sent] = this.transport.takeSent();
    return sent && readReply6(sent.payload);
  }

  /** Resolves when the replies have been sent. */
  serveBatch(packets: readonly Uint8Array[], change: IngressChange = {}): Promise<void> {
    const { interfaceName = ETH0.name, sourceMac, ...rest } = change;
    this.#interface = { ...ETH0, name: interfaceName };
    for (const payload of packets) {
      this.transport.deliver({
        payload,
        ifindex: ETH0.index,
        source: ip6("fe80::2"),
        sourcePort: PORTS.client,
        destination: ip6("ff02::1:2"),
        ...(sourceMac === undefined ? {} : { mac: sourceMac }),
        ...rest,
      });
    }
    const batch = this.transport.receive(packets.length)!;
    const holder = new BatchHolder(batch);
    return this.pipeline.serve(batch.datagrams.map((datagram) => ({ datagram, holder })));
  }

  /** Until `mendDisk`, no change of a lease can be written. */
  breakDisk(): void {
    this.#disk.fault = (call) => (call === "pwrite" ? diskError(call, "EIO") : undefined);
    if (this.#database !== undefined) this.#database.fault = diskError("pwrite", "EIO");
  }

  /** The disk works again, and the time after which it is tried again is over. */
  mendDisk(): void {
    this.#disk.fault = () => undefined;
    if (this.#database !== undefined) this.#database.fault = undefined;
    this.clock.advance(11);
  }

  /** @param given the command's arguments @param data where it may write files */
  ask(command: string, given?: object, data?: string): Promise<ReadAnswer> {
    return askCommand(data === undefined ? this.#commands : this.#takeCommands(data), command, given);
  }

  #takeCommands(data: string): Commands {
    const around = {
      ...loneServer(
        () => this.pipeline.service.config,
        () => this.pipeline.service,
        {
          check: withExtensions(dhcp6Family, { directory: "/extensions", known: undefined }).check,
          use: (next) => {
            this.pipeline.service = this.#compileNext(next, this.pipeline.service);
          },
        },
      ),
      service: this.#service,
      served: (name: string) => (name === this.#interface.name ? this.#interface : undefined),
      explain: (packet: GivenPacket) => explainPacket(explainRules6, this.#explainParts(), packet),
      ...this.#events,
      extensionCommands: () => commandsOf(this.#extensions, commands6, this.log),
    };
    const { leaseClock } = this;
    return takeCommands6(
      around,
      { ...this, store: this.served, leaseClock, paths: daemonPaths({ KEA_DHCP_DATA_DIR: data }) },
      { names: noNames, events: this.events, summoner: this.summoner, record: this.record, calls: this.calls },
    );
  }

  #explainParts(): ExplainParts<Path6> {
    return {
      ...this.#trialParts,
      path: this.#path,
      extend: (path) => extendPath(path, this.#extensions),
      service: this.pipeline.service,
      served: () => this.#interface,
    };
  }

  lease(type: "address" | "prefix", address: string): Lease6 | undefined {
    return this.store.begin().byAddress(LeaseType6[type], ip6(address));
  }

  /** What is held, without offers: `2001:db8::1/128 iaid 1 assigned`. */
  leases(): string[] {
    return [LeaseType6.address, LeaseType6.prefix].flatMap((type) =>
      this.store.page(type, undefined, 1000).map(({ address, prefixLength, iaid, state }) => {
        return `${formatIpv6Key(address)}/${prefixLength} iaid ${iaid} ${nameOf(LeaseState, state)}`;
      }),
    );
  }

  /** Gauges that are not zero, and the same counted anew. */
  gauges(): readonly [Numbers, Numbers] {
    const subnets = listedSubnets6(this.pipeline.service.scope);
    const types = [LeaseType6.address, LeaseType6.prefix];
    const leases = types.flatMap((type) => this.store.page(type, undefined, 1000));
    return [readGauges(this.statistics), recountGauges(statistics6, subnets, leases, leaseCounters6)];
  }

  /** Reasons of the messages dropped so far, in order; `malformed` for those that could not be decoded. */
  get drops(): string[] {
    return this.log.lines.flatMap((line) => {
      if (line.startsWith("DHCP6_PACKET_DROP_PARSE_FAIL ")) return ["malformed"];
      if (line.startsWith("DHCP6_PACKET_PROCESS_EXCEPTION ")) return [`bug: ${line}`];
      return /^DHCP6_PACKET_DROP .* dropped, ([a-z\d-]+):/.exec(line)?.slice(1) ?? [];
    });
  }

  /** As the timers do, at once. */
  upkeep(): Upkeep<Lease6, LeaseBatch6> {
    const config = this.pipeline.service.config["expired-leases-processing"];
    const untimed = { ...config, "reclaim-timer-wait-time": 0, "flush-reclaimed-timer-wait-time": 0 };
    const shared = { keeperOf: keeperIn(() => this.#extensions, shown6), adopt: noNames.adopt };
    return new Upkeep(untimed, this.served, this.leaseClock, this.log, server6, this.#events.over, shared);
  }

  /** The lease file as a crash at this moment would leave it, whatever is not synced being lost; or the database's rows. */
  durableText(): string {
    if (this.#database !== undefined) return csvText(lease6Csv, this.#database.leases.values());
    const image = this.#disk.imageAfterCrash(this.#disk.length, () => 0);
    return Buffer.from(image.get(LEASE_FILE) ?? []).toString("latin1");
  }

  fileText(): string {
    return Buffer.from(this.#disk.image.get(LEASE_FILE) ?? []).toString("latin1");
  }
}

/** @throws Error with all faults when the configuration is refused */
export function parseText6(config: Dhcp6Text): Dhcp6Config {
  return parseInside(dhcp6Family, config);
}
