/** Two real servers of a pair on machines that crash, with clocks that differ, joined by a network that loses, doubles and delays. */
import { join } from "node:path";
import { ManualClock } from "@kotare/core/base/clock";
import { daemonPaths } from "@kotare/core/daemon/paths";
import { noNames } from "@kotare/core/ddns/testing/no-names";
import { TestUpdater } from "@kotare/core/ddns/testing/test-updater";
import { parameterTools } from "@kotare/core/extensions/parameter-tools";
import type { RunningExtension } from "@kotare/core/extensions/running-extension";
import { startExtension } from "@kotare/core/extensions/start-extensions";
import { parseIpv4 } from "@kotare/core/ip/ipv4";
import type { Memfile4 } from "@kotare/core/leases/file/memfile4";
import { CrashDisk } from "@kotare/core/storage/testing/crash-disk";
import type { CommandAnswer } from "@kotare/extension";
import { highAvailabilityOver } from "@kotare/high-availability/high-availability";
import type { State } from "@kotare/high-availability/state";
import type { MemoryDatagram } from "@kotare/netio/testing/memory-transport";
import { VirtualTime } from "@kotare/testkit/virtual-time";
import { PairNames } from "./pair-names.ts";
import { type Dhcp4Text, ETH0, LEASE_FILE, parseText4, TestServer4 } from "./test-server4.ts";
import type { NamedServer4 } from "./test-server4-options.ts";

/** Follows the virtual time; only its setting is its own. */
class MachineClock extends ManualClock {
  override wall(): number {
    return super.wall() + performance.now() / 1000;
  }

  override monotonic(): number {
    return performance.now();
  }
}

export type Which = 0 | 1;

/** One way between two machines. */
export interface Way {
  isCut: boolean;
  /** Of 100 messages. */
  lost: number;
  doubled: number;
  /** Milliseconds at most. */
  late: number;
}

/** A server from its start to its end. */
class Process {
  readonly server: TestServer4;
  /** The server's part of the pair. */
  pair: RunningExtension | undefined;
  /** What it tells the DNS. */
  readonly names: PairNames | undefined;
  isAlive = true;
  #waiting: (() => void)[] | undefined;

  constructor(server: TestServer4, names: PairNames | undefined) {
    this.server = server;
    this.names = names;
  }

  get isFrozen(): boolean {
    return this.#waiting !== undefined;
  }

  /** What happens to it: later while it is frozen, never when it is gone. */
  run(what: () => void): void {
    if (this.#waiting !== undefined) this.#waiting.push(what);
    else if (this.isAlive) what();
  }

  freeze(): void {
    this.#waiting ??= [];
  }

  thaw(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const what of waiting) this.run(what);
  }
}

export class Machine {
  readonly name: string;
  readonly address: string;
  readonly clock = new MachineClock();
  disk = new CrashDisk();
  /** `undefined` while no server runs. */
  process: Process | undefined;
  readonly updater: TestUpdater;
  /** Whether the host is gone, too: nobody says that nobody listens. */
  isDark = false;

  /** @param zone what the DNS holds */
  constructor(name: string, address: string, zone: Map<string, string>) {
    this.name = name;
    this.address = address;
    this.updater = new TestUpdater(zone);
  }

  /** Who has an address by what would be found after a crash now, and for how many seconds from now. */
  holderOf(address: string): { readonly mac: string; readonly rest: number } | undefined {
    const text = Buffer.from(this.disk.imageAfterCrash(this.disk.length, () => 0).get(LEASE_FILE) ?? []).toString();
    const row = text.split("\n").findLast((line) => line.startsWith(`${address},`));
    const [, mac = "", , lifetime, expire, , , , , state] = row?.split(",") ?? [];
    if (row === undefined || state !== "0" || lifetime === "0") return undefined;
    const now = this.process?.server.leaseClock.wall() ?? this.clock.wall();
    return { mac, rest: Number(expire) - now };
  }
}

export interface PairOptions {
  readonly mode: "hot-standby" | "load-balancing";
  readonly relationship?: object;
  readonly config: Dhcp4Text;
  readonly random: () => number;
  /** Where servers note down what the DNS updaters know; without it they tell them nothing. */
  readonly folder?: string;
}

export class TestPair4 implements Disposable {
  readonly time = new VirtualTime();
  /** What the DNS holds: names and addresses. */
  readonly zone = new Map<string, string>();
  readonly machines = [
    new Machine("server1", "192.0.2.1", this.zone),
    new Machine("server2", "192.0.2.2", this.zone),
  ] as const;
  /** From the first to the second, and back. */
  readonly ways: readonly [Way, Way] = [goodWay(), goodWay()];
  /** Is told of each datagram to a client that leaves a server. */
  onReply: (from: Which, payload: Uint8Array) => void = () => {};
  readonly #options: PairOptions;

  constructor(options: PairOptions) {
    this.#options = options;
  }

  start(which: Which): Promise<void> {
    return this.time.until(this.#start(which));
  }

  async #start(which: Which): Promise<void> {
    const machine = this.machines[which];
    if (machine.process !== undefined) return;
    machine.isDark = false;
    const { config, random, folder } = this.#options;
    const interfaces = [{ ...ETH0, addresses: [parseIpv4(machine.address)!] }];
    let names: PairNames | undefined;
    const openNames = (of: NamedServer4, store: Memfile4) => {
      if (folder !== undefined) names = new PairNames(of, store, join(folder, machine.name), machine.updater);
      return names?.sender ?? noNames;
    };
    const server = await TestServer4.start(config, { machine, interfaces, random, openNames });
    const process = new Process(server, names);
    machine.process = process;
    server.transport.onSent = ({ payload }) => {
      if (process.isAlive) this.onReply(which, payload);
    };
    await this.#extend(process, which);
    this.#tick(process);
  }

  /** As the daemon does each second. */
  #tick(process: Process): void {
    const { server } = process;
    const { jumped } = server.leaseClock.tick();
    if (jumped > 0) server.store.shift(jumped);
    void server.upkeep().reclaim();
    setTimeout(() => process.run(() => this.#tick(process)), 1000);
  }

  async #extend(process: Process, which: Which): Promise<void> {
    const { server } = process;
    const config = parseText4(this.#options.config);
    const extension = highAvailabilityOver(() => ({
      ask: (command, args, patience) => this.#ask(process, which, command, args, patience),
      reload: () => {},
      close: () => {},
    }));
    const entry = { library: "pair", parameters: { "high-availability": [this.#relationship(which)] } };
    const parts = {
      rules: { directory: "/", known: [] },
      family: 4 as const,
      log: server.log,
      clock: server.leaseClock,
      directories: daemonPaths({}),
      command: server.own.ask,
      report: () => {},
      announce: () => undefined,
      openLogTable: () => Promise.reject(new Error("there is no database")),
    };
    const contexts = { networks: new Map(), subnets: new Map(), classes: new Map() };
    const told = { extension, entry, contexts };
    process.pair = await startExtension(told, parts, parameterTools(config, 4));
    server.extendBy([process.pair]);
  }

  #relationship(which: Which): object {
    const { mode, relationship } = this.#options;
    const roles = ["primary", mode === "hot-standby" ? "standby" : "secondary"];
    return {
      "this-server-name": this.machines[which].name,
      mode,
      "heartbeat-delay": 1000,
      "max-response-delay": 3000,
      "max-ack-delay": 1000,
      "max-unacked-clients": 0,
      "sync-page-limit": 2,
      peers: this.machines.map(({ name, address }, i) => ({ name, url: `http://${address}:8000/`, role: roles[i] })),
      ...relationship,
    };
  }

  /** A command of one server for the other. */
  #ask(from: Process, which: Which, command: string, args: object, patience: number): Promise<CommandAnswer> {
    const there = this.machines[1 - which]!;
    const [way, back] = which === 0 ? this.ways : [this.ways[1], this.ways[0]];
    return new Promise((resolve, reject) => {
      const fail = (error: Error) => from.run(() => reject(error));
      const arrive = () => {
        const { process, isDark } = there;
        const refuse = () => fail(Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }));
        const answer = (given: unknown) => from.run(() => resolve(given as CommandAnswer));
        if (process === undefined) return isDark ? undefined : this.#carry(back, refuse);
        process.run(() => {
          void process.server.ask(command, args).then((given) => {
            if (process.isAlive) this.#carry(back, () => answer(given));
          });
        });
      };
      from.run(() => {
        setTimeout(() => fail(new Error(`no answer in ${patience / 1000} s`)), patience);
        this.#carry(way, arrive);
      });
    });
  }

  #carry({ isCut, lost, doubled, late }: Way, arrive: () => void): void {
    const { random } = this.#options;
    if (isCut || random() * 100 < lost) return;
    const times = random() * 100 < doubled ? 2 : 1;
    for (let i = 0; i < times; i++) setTimeout(arrive, random() * late);
  }

  /** A message of a client, at once. */
  deliver(which: Which, datagram: MemoryDatagram): void {
    const { process } = this.machines[which];
    process?.run(() => void process.server.serve(datagram));
  }

  /** @param isDark the host, too */
  kill(which: Which, isDark: boolean): void {
    const machine = this.machines[which];
    machine.isDark = isDark;
    if (machine.process === undefined) return;
    machine.process.isAlive = false;
    machine.process.names?.die();
    void machine.process.pair?.contributions.stop?.();
    machine.process = undefined;
    machine.disk = new CrashDisk(machine.disk.imageAfterCrash(machine.disk.length, this.#options.random));
  }

  stateOf(which: Which): State | "down" {
    const status = this.machines[which].process?.pair?.contributions.status?.();
    if (status === undefined) return "down";
    const [pair] = status["high-availability"] as [{ "ha-servers": { local: { state: State } } }];
    return pair["ha-servers"].local.state;
  }

  [Symbol.dispose](): void {
    for (const which of [0, 1] as const) this.kill(which, true);
    this.time[Symbol.dispose]();
  }
}

function goodWay(): Way {
  return { isCut: false, lost: 0, doubled: 0, late: 5 };
}
