/** Where packets come in and replies go out: the interfaces that are served, their sockets, and whose turn it is. */
import type { Interface, InterfaceWatch } from "@kotare/netio/interfaces/interface";
import { watchInterfaces } from "@kotare/netio/interfaces/interfaces";
import type { SendBatch, Transport } from "@kotare/netio/transports/datagram";
import { Timer } from "../base/timer.ts";
import type { HostInterface } from "../control/dhcp-context.ts";
import type { LeaseStore } from "../leases/model/lease-store.ts";
import type { StatisticTable } from "../stats/statistics.ts";
import { DeliveringBatch } from "./dhcp4o6/delivering-batch.ts";
import { ServedInterfaces } from "./interfaces/served-interfaces.ts";
import type { Sockets } from "./interfaces/sockets.ts";
import { Intake, type IntakeRules } from "./packets/intake.ts";
import type { PathTypes } from "./packets/packet-path.ts";
import { UnseenPackets } from "./packets/report/unseen-packets.ts";
import { type Gathering, type Serve, Turns } from "./packets/turns.ts";
import type { Doors, ServerConfig, ServerFamily } from "./server-family.ts";
import type { ServerParts } from "./server-parts.ts";

type Parts<T extends PathTypes> = Pick<
  ServerParts<LeaseStore<T["lease"], T["batch"]>, StatisticTable>,
  "store" | "clock" | "log" | "giveUp"
>;

type Family<T extends PathTypes, Config extends ServerConfig> = Pick<
  ServerFamily<T, Config>,
  "companions" | "delivers" | "interfaceRules" | "keepsSockets" | "messages" | "openSockets"
>;

/** What becomes of packets that have come. */
export interface Serving<Address> {
  readonly rules: IntakeRules<Address>;
  readonly serve: Serve<Address>;
  gathering(): Gathering;
  /** One has waited for so long that its client does not any more. */
  stale(): void;
}

export class Reception<T extends PathTypes, Config extends ServerConfig> {
  readonly interfaces: ServedInterfaces<T["address"], Config["interfaces-config"]>;
  readonly #family: Family<T, Config>;
  readonly #parts: Parts<T>;
  readonly #serving: Serving<T["address"]>;
  readonly #watch: InterfaceWatch;
  readonly #unseen: UnseenPackets;
  readonly #requireAll: Timer | undefined;
  #config: Config;
  #sockets: Sockets<T["address"]>;
  #turns: Turns<T["address"]> | undefined;
  /** Of packets that come by other ways than our sockets. */
  readonly #otherTurns: Turns<T["address"]>[] = [];

  /** Nothing comes before `open`. @param onChange called after each look at the interfaces */
  constructor(
    family: Family<T, Config>,
    config: Config,
    parts: Parts<T>,
    serving: Serving<T["address"]>,
    onChange: () => void,
  ) {
    this.#family = family;
    this.#parts = parts;
    this.#config = config;
    this.#serving = serving;
    this.#watch = watchInterfaces((present) => this.#update(present));
    this.#sockets = this.#openSockets();
    this.interfaces = new ServedInterfaces(
      family.interfaceRules,
      config["interfaces-config"],
      (served) => this.#sockets.claim(served),
      parts.log,
      family.messages,
      () => {
        this.#sockets.refresh();
        onChange();
      },
    );
    this.#unseen = new UnseenPackets(parts.log, family.messages);
    this.#requireAll = this.#startRequiring();
  }

  /** Serves the interfaces that are there. */
  open(): void {
    const doors: Doors<T["address"]> = {
      serve: (transport) => this.#otherTurns.push(this.#takeTurns(transport)),
      newSendBatch: () => this.#sockets.transport?.newSendBatch(),
      served: (name) => this.interfaces.find(name),
    };
    for (const companion of this.#family.companions) companion.open?.(doors);
    this.#update(this.#watch.interfaces);
  }

  /** Sockets are the one thing that cannot be changed beside service; those that are still wanted stay. */
  async configure(config: Config): Promise<void> {
    const before = this.#config;
    this.#config = config;
    if (!this.#family.keepsSockets(before, config)) {
      await this.#turns?.stop();
      this.interfaces.release();
      this.#sockets[Symbol.dispose]();
      this.#sockets = this.#openSockets();
    }
    this.interfaces.configure(config["interfaces-config"]);
  }

  /** Packets that wait for their turn. */
  get waiting(): number {
    return this.#turns?.waiting ?? 0;
  }

  /** Those of the host, by their numbers. */
  list(): readonly HostInterface[] {
    const links = [...this.#watch.interfaces.values()].sort((a, b) => a.index - b.index);
    return links.map((link) => ({ ...link, isServed: this.interfaces.get(link.index) !== undefined }));
  }

  newSendBatch(): SendBatch<T["address"]> {
    const { transport } = this.#sockets;
    if (this.#family.delivers?.() === true) return new DeliveringBatch(transport?.newSendBatch());
    return transport!.newSendBatch();
  }

  /** To be called now and then: tells of packets that the transport could not give us. */
  check(): void {
    const { transport } = this.#sockets;
    if (transport !== undefined) this.#unseen.check(transport.stats, this.#parts.clock.monotonic() / 1000);
    for (const companion of this.#family.companions) companion.check?.();
  }

  #update(present: ReadonlyMap<number, Interface>): void {
    this.interfaces.update(present);
    for (const companion of this.#family.companions) companion.update(present);
  }

  #openSockets(): Sockets<T["address"]> {
    return this.#family.openSockets(this.#config, this.#watch, (transport) => {
      this.#turns = this.#takeTurns(transport);
    });
  }

  #takeTurns(transport: Transport<T["address"]>): Turns<T["address"]> {
    const { clock, store } = this.#parts;
    const { rules, serve, gathering, stale } = this.#serving;
    const intake = new Intake<T["address"]>(clock, rules, (waiting) => {
      stale();
      waiting.holder.done();
    });
    return new Turns(transport, intake, serve, store, clock, gathering);
  }

  #startRequiring(): Timer | undefined {
    const interfaces = this.#config["interfaces-config"];
    if (interfaces["service-sockets-require-all"] !== true) return undefined;
    const tries = interfaces["service-sockets-max-retries"] ?? 0;
    const pause = interfaces["service-sockets-retry-wait-time"] ?? 5000;
    return Timer.after(tries * pause, () => {
      if (this.interfaces.isComplete) return;
      this.#parts.giveUp(`service-sockets-require-all is set, and it serves ${this.interfaces.describe()}`);
    });
  }

  /** Lets no more packets in. @returns once those that are in have been answered */
  async close(): Promise<void> {
    this.#requireAll?.stop();
    this.#watch[Symbol.dispose]();
    await this.#turns?.stop();
    for (const turns of this.#otherTurns) await turns.stop();
  }

  [Symbol.dispose](): void {
    this.interfaces[Symbol.dispose]();
    this.#sockets[Symbol.dispose]();
  }
}
