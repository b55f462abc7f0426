/** A running DHCPv4 server: sockets, leases, packet path and upkeep, and how a new configuration takes over. */
import { isDeepStrictEqual } from "node:util";
import type { Clock } from "@kotare/core/base/clock";
import type { Dhcp4Config } from "@kotare/core/config/dhcp4-config";
import type { LeaseClock } from "@kotare/core/leases/lease-clock";
import type { LeaseStore } from "@kotare/core/leases/lease-store";
import type { Logger } from "@kotare/core/log/logger";
import type { Statistics } from "@kotare/core/stats/statistics";
import type { statistics4 } from "@kotare/core/stats/statistics4";
import { compileSubnets4, type Scope4 } from "@kotare/core/subnets/compile-subnets4";
import type { Transport } from "@kotare/netio/datagram";
import { type InterfaceWatch, watchInterfaces } from "@kotare/netio/interfaces";
import type { Ports } from "./destination4.ts";
import { Intake4 } from "./intake4.ts";
import { main } from "./messages4.ts";
import { Pipeline4 } from "./pipeline4.ts";
import { Reporter4 } from "./reporter4.ts";
import { ServedInterfaces } from "./served-interfaces.ts";
import { type Service4, settingsOf } from "./service4.ts";
import { openSockets4, type Sockets4 } from "./sockets4.ts";
import { Turns } from "./turns.ts";
import { Upkeep4 } from "./upkeep4.ts";

export interface ServerParts4 {
  readonly store: LeaseStore;
  readonly leaseClock: LeaseClock;
  readonly clock: Clock;
  readonly log: Logger;
  readonly statistics: Statistics<typeof statistics4>;
  readonly ports: Ports;
  /** Told when what is served has changed, in words. */
  readonly onStatus: (status: string) => void;
}

/** How often the clock is looked at for jumps. */
const TICK = 1000;

export class Server4 {
  readonly #parts: ServerParts4;
  readonly #reporter: Reporter4;
  readonly #pipeline: Pipeline4;
  readonly #watch: InterfaceWatch;
  readonly #ticker: NodeJS.Timeout;
  readonly #interfaces: ServedInterfaces;
  #sockets: Sockets4;
  #turns: Turns | undefined;
  #upkeep: Upkeep4;

  private constructor(config: Dhcp4Config, scope: Scope4, parts: ServerParts4) {
    const { log, leaseClock, store } = parts;
    this.#parts = parts;
    this.#reporter = new Reporter4(log, parts.statistics, parts.ports, () => parts.clock.wall());
    this.#sockets = this.#openSockets(config);
    this.#interfaces = new ServedInterfaces(
      config["interfaces-config"],
      (served) => this.#sockets.claim(served),
      log,
      () => parts.onStatus(this.describe()),
    );
    this.#pipeline = new Pipeline4(this.#serviceOf(config, scope), {
      store,
      clock: leaseClock,
      reporter: this.#reporter,
      ports: parts.ports,
      newSendBatch: () => this.#sockets.transport!.newSendBatch(),
      interfaceOf: (ifindex) => this.#interfaces.get(ifindex),
      random: Math.random,
    });
    this.#upkeep = new Upkeep4(config["expired-leases-processing"], store, leaseClock, log);
    this.#watch = watchInterfaces((present) => this.#interfaces.update(present));
    this.#interfaces.update(this.#watch.interfaces);
    this.#ticker = setInterval(() => this.#tick(), TICK);
  }

  static async start(config: Dhcp4Config, parts: ServerParts4): Promise<Server4> {
    return new Server4(config, await inSlices(compileSubnets4(config, parts.store)), parts);
  }

  get config(): Dhcp4Config {
    return this.#pipeline.service.config;
  }

  get isServing(): boolean {
    return this.#interfaces.isServing;
  }

  /** Whether every interface that the configuration names is served. */
  get isComplete(): boolean {
    return this.#interfaces.isComplete;
  }

  describe(): string {
    return this.#interfaces.describe();
  }

  /** Takes a new configuration into force beside service: no packet is lost, sockets that are still wanted stay. */
  async reconfigure(config: Dhcp4Config): Promise<void> {
    const { service } = this.#pipeline;
    if (!isDeepStrictEqual(service.config["lease-database"], config["lease-database"])) {
      this.#parts.log.log(main.DHCP4_LEASE_DATABASE_KEPT);
    }
    const scope = await inSlices(compileSubnets4(config, this.#parts.store));
    this.#pipeline.service = this.#serviceOf(config, scope);
    this.#upkeep[Symbol.dispose]();
    this.#upkeep = new Upkeep4(
      config["expired-leases-processing"],
      this.#parts.store,
      this.#parts.leaseClock,
      this.#parts.log,
    );
    const before = service.config["interfaces-config"];
    const after = config["interfaces-config"];
    if (before["dhcp-socket-type"] !== after["dhcp-socket-type"]) await this.#replaceSockets(config);
    this.#interfaces.configure(after);
  }

  #serviceOf(config: Dhcp4Config, scope: Scope4): Service4 {
    return { config, scope, settings: settingsOf(config), isOurAddress: (address) => this.#interfaces.has(address) };
  }

  #openSockets(config: Dhcp4Config): Sockets4 {
    const { ports } = this.#parts;
    return openSockets4(config["interfaces-config"]["dhcp-socket-type"], ports.server, (transport) => {
      this.#turns = this.#takeTurns(transport);
    });
  }

  #takeTurns(transport: Transport): Turns {
    const intake = new Intake4(this.#parts.clock, (waiting) => {
      this.#reporter.stale();
      waiting.holder.done();
    });
    return new Turns(transport, intake, (batch) => this.#pipeline.serve(batch));
  }

  /** Another socket type: the one thing that cannot be changed beside service. */
  async #replaceSockets(config: Dhcp4Config): Promise<void> {
    await this.#turns?.stop();
    this.#interfaces.release();
    this.#sockets[Symbol.dispose]();
    this.#sockets = this.#openSockets(config);
  }

  #tick(): void {
    const { jumped } = this.#parts.leaseClock.tick();
    if (jumped > 0) this.#parts.store.shift(jumped);
  }

  /** Answers what is in flight and takes nothing more. */
  async stop(): Promise<void> {
    clearInterval(this.#ticker);
    this.#watch[Symbol.dispose]();
    this.#upkeep[Symbol.dispose]();
    await this.#turns?.stop();
    this.#interfaces[Symbol.dispose]();
    this.#sockets[Symbol.dispose]();
    await this.#parts.store.close();
  }
}

/** Runs a generator to its end, with room for packets between its steps. */
async function inSlices<T>(steps: Generator<void, T>): Promise<T> {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await new Promise(setImmediate);
  }
}
