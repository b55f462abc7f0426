/** Two real servers of a pair on machines that crash, with clocks that differ, joined by a network that loses, doubles and delays. */
import type { CommandAnswer } from "@kotare/extension";
import { highAvailabilityOver } from "@kotare/high-availability/high-availability";
import type { State } from "@kotare/high-availability/state";
import { daemonPaths } from "../../../daemon/paths.ts";
import type { OwnCommands } from "../../../extensions/control/own-commands.ts";
import type { parameterTools } from "../../../extensions/parameter-tools.ts";
import { type Extensions, startExtension } from "../../../extensions/start-extensions.ts";
import type { LeaseClock } from "../../../leases/model/lease-clock.ts";
import type { RecordingLogger } from "../../../log/testing/recording-logger.ts";
import { CrashDisk } from "../../../storage/testing/crash-disk.ts";
import { Machine, type Process } from "./pair-machine.ts";

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

/** A server of either family. */
interface ServerOfPair {
  readonly log: RecordingLogger;
  readonly own: OwnCommands;
  readonly leaseClock: LeaseClock;
  readonly store: { shift(seconds: number): void };
  ask(command: string, args: object): Promise<object>;
  upkeep(): { reclaim(): Promise<unknown> };
  extendBy(extensions: Extensions): void;
}

/** Virtual time. */
interface Time extends Disposable {
  readonly now: number;
  pass(milliseconds: number): Promise<void>;
  until<T>(promise: Promise<T>): Promise<T>;
}

export interface PairOptions<Text> {
  readonly mode: "hot-standby" | "load-balancing";
  readonly relationship?: object;
  readonly config: Text;
  readonly random: () => number;
}

export abstract class TestPair<Server extends ServerOfPair, Text> implements Disposable {
  readonly time: Time;
  /** What the DNS holds: names and addresses. */
  readonly zone = new Map<string, string>();
  readonly machines: readonly [Machine<Server>, Machine<Server>];
  /** From the first to the second, and back. */
  readonly ways: readonly [Way, Way] = [goodWay(), goodWay()];
  /** Is told of each datagram to a client that leaves a server. */
  onReply: (from: Which, payload: Uint8Array) => void = () => {};
  protected readonly options: PairOptions<Text>;
  readonly #family: 4 | 6;

  constructor(family: 4 | 6, leaseFile: string, time: Time, options: PairOptions<Text>) {
    const machine = (which: Which) => new Machine<Server>(`server${which + 1}`, leaseFile, this.zone);
    this.#family = family;
    this.time = time;
    this.options = options;
    this.machines = [machine(0), machine(1)];
  }

  /** Starts a server. @param reply is to be told of each datagram that leaves it */
  protected abstract open(which: Which, reply: (payload: Uint8Array) => void): Promise<Process<Server>>;
  protected abstract tools(config: Text): ReturnType<typeof parameterTools>;

  start(which: Which): Promise<void> {
    return this.time.until(this.#start(which));
  }

  async #start(which: Which): Promise<void> {
    const machine = this.machines[which];
    if (machine.process !== undefined) return;
    machine.isDark = false;
    const process: Process<Server> = await this.open(which, (payload) => {
      if (process.isAlive) this.onReply(which, payload);
    });
    machine.process = process;
    await this.#extend(process, which);
    this.#tick(process);
  }

  /** As the daemon does each second. */
  #tick(process: Process<Server>): void {
    const { server } = process;
    const { jumped } = server.leaseClock.tick();
    if (jumped > 0) server.store.shift(jumped);
    void server.upkeep().reclaim();
    setTimeout(() => process.run(() => this.#tick(process)), 1000);
  }

  async #extend(process: Process<Server>, which: Which): Promise<void> {
    const { server } = process;
    const extension = highAvailabilityOver(() => ({
      ask: (command, args, patience) => this.#ask(process, which, command, args, patience),
      reload: () => {},
      close: () => {},
    }));
    const entry = { library: "pair", parameters: { "high-availability": [this.#relationship(which)] } };
    const parts = {
      rules: { directory: "/", known: [] },
      family: this.#family,
      log: server.log,
      clock: server.leaseClock,
      directories: daemonPaths({}),
      command: server.own.ask,
      report: () => {},
      announce: () => undefined,
      openLogTable: () => Promise.reject(new Error("there is no database")),
    };
    const contexts = { networks: new Map(), subnets: new Map(), classes: new Map() };
    process.pair = await startExtension({ extension, entry, contexts }, parts, this.tools(this.options.config));
    server.extendBy([process.pair]);
  }

  #relationship(which: Which): object {
    const { mode, relationship } = this.options;
    const roles = ["primary", mode === "hot-standby" ? "standby" : "secondary"];
    return {
      "this-server-name": this.machines[which].name,
      mode,
      "heartbeat-delay": 1000,
      "max-response-delay": 3000,
      "max-ack-delay": 1000,
      "max-unacked-clients": 0,
      "sync-page-limit": 2,
      peers: this.machines.map(({ name }, i) => ({ name, url: `http://192.0.2.${i + 1}:8000/`, role: roles[i] })),
      ...relationship,
    };
  }

  /** A command of one server for the other. */
  #ask(from: Process<Server>, which: Which, command: string, args: object, patience: number): Promise<CommandAnswer> {
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
    const { random } = this.options;
    if (isCut || random() * 100 < lost) return;
    const times = random() * 100 < doubled ? 2 : 1;
    for (let i = 0; i < times; i++) setTimeout(arrive, random() * late);
  }

  /** A server does something, unless it is gone; later while it is frozen. */
  run(which: Which, what: (server: Server) => void): void {
    const { process } = this.machines[which];
    process?.run(() => what(process.server));
  }

  /** An administrator gives a server a command, and does not wait for its answer. */
  tell(which: Which, command: string): void {
    const { name } = this.machines[1 - which]!;
    this.run(which, (server) => void server.ask(command, command === "ha-sync" ? { "server-name": name } : {}));
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
    machine.disk = new CrashDisk(machine.disk.imageAfterCrash(machine.disk.length, this.options.random));
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
