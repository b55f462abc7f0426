/** Which of the host's interfaces we serve now, and why not the others: watched, so that one may come late or go. */
import type { Interface } from "@kotare/netio/interfaces/interface";
import type { Milliseconds } from "../../base/clock.ts";
import { equalPauses, growingPauses, type RetrySchedule } from "../../base/retry.ts";
import { Timer } from "../../base/timer.ts";
import { parseInterfaceText } from "../../config/check/check-interfaces.ts";
import type { InterfacesConfig } from "../../config/dhcp4-config.ts";
import type { Logger } from "../../log/logger.ts";
import type { ServerMessages } from "../messages.ts";

/** An interface that we serve, as it is now. */
export interface ServedInterface<Address> {
  readonly index: number;
  readonly name: string;
  readonly mtu: number;
  readonly mac: Uint8Array;
  /** Its addresses that the configuration lets us use; replies come from the first one where nothing else decides. */
  readonly addresses: readonly Address[];
}

/** What it takes to serve an interface beyond its being there: its port, or its sockets. */
export interface Claim extends Disposable {}
/** @throws a system error when the port is taken or a capability is missing */
export type ClaimInterface<Address> = (served: ServedInterface<Address>) => Claim;

/** The keys of `interfaces-config` that both families have. */
type CommonConfig = Pick<
  InterfacesConfig,
  "interfaces" | "service-sockets-max-retries" | "service-sockets-retry-wait-time" | "service-sockets-require-all"
>;

/** What a family makes of the host's interfaces. */
export interface InterfaceRules<Address, Config> {
  /** @returns `undefined` for a text that the check of the configuration refuses */
  parse(text: string): Address | undefined;
  format(address: Address): string;
  /** Whether `*` stands for it: all others would only be complained about. */
  isUsable(link: Interface, config: Config): boolean;
  /**
   * @param only the addresses that the configuration names; empty for all
   * @returns the addresses to use, or why the interface cannot be served
   */
  addressesOf(link: Interface, only: readonly Address[], config: Config): readonly Address[] | string;
  /** Whether what was claimed with some addresses will do with others. */
  isKept(before: readonly Address[], after: readonly Address[]): boolean;
}

const ALL = "*";

/** Between two tries, whatever the configuration says. */
const SHORTEST_PAUSE: Milliseconds = 100;

interface Entry<Address> {
  readonly served: ServedInterface<Address>;
  readonly claim: Claim;
}

export class ServedInterfaces<Address extends number | string, Config extends CommonConfig> {
  readonly #rules: InterfaceRules<Address, Config>;
  readonly #log: Logger;
  readonly #messages: ServerMessages;
  readonly #claim: ClaimInterface<Address>;
  readonly #onChange: () => void;
  #config: Config;
  #present: ReadonlyMap<number, Interface> = new Map();
  #byIndex = new Map<number, Entry<Address>>();
  #addresses = new Set<Address>();
  /** Interface name → why it is not served; for the log once per change and for the status line. */
  #unserved = new Map<string, string>();
  /** Whether the log has been told that nobody is served. */
  #isKnownDeaf = false;
  /** Tries by the clock since something has worked. */
  #failures = 0;
  #retry: Timer | undefined;

  /** @param onChange called after each look at the interfaces */
  constructor(
    rules: InterfaceRules<Address, Config>,
    config: Config,
    claim: ClaimInterface<Address>,
    log: Logger,
    messages: ServerMessages,
    onChange: () => void,
  ) {
    this.#rules = rules;
    this.#config = config;
    this.#claim = claim;
    this.#log = log;
    this.#messages = messages;
    this.#onChange = onChange;
  }

  get(ifindex: number): ServedInterface<Address> | undefined {
    return this.#byIndex.get(ifindex)?.served;
  }

  /** The one with the lowest number. */
  get first(): ServedInterface<Address> | undefined {
    const [first] = [...this.#byIndex.keys()].sort((a, b) => a - b);
    return first === undefined ? undefined : this.get(first);
  }

  /** By its name. */
  find(name: string): ServedInterface<Address> | undefined {
    for (const { served } of this.#byIndex.values()) if (served.name === name) return served;
    return undefined;
  }

  has(address: Address): boolean {
    return this.#addresses.has(address);
  }

  get isServing(): boolean {
    return this.#byIndex.size > 0;
  }

  /** Whether every interface that the configuration names is served. */
  get isComplete(): boolean {
    return this.isServing && this.#unserved.size === 0;
  }

  /** One line: what is served, and what is not and why. */
  describe(): string {
    const served = [...this.#byIndex.values()].map(({ served: { name } }) => name);
    const unserved = [...this.#unserved].map(([name, why]) => `not ${name}: ${why}`);
    return [served.join(" ") || "no interface", ...unserved].join("; ");
  }

  configure(config: Config): void {
    this.#config = config;
    this.#failures = 0;
    this.update(this.#present);
  }

  /** The host's interfaces have changed. */
  update(present: ReadonlyMap<number, Interface>): void {
    this.#retry?.stop();
    this.#present = present;
    const reasons = new Map<string, string>();
    const wanted = this.#wanted(reasons);
    const next = new Map<number, Entry<Address>>();
    for (const served of wanted) {
      const before = this.#byIndex.get(served.index);
      if (before === undefined || before.served.name !== served.name) continue;
      if (this.#rules.isKept(before.served.addresses, served.addresses)) next.set(served.index, { ...before, served });
    }
    // Before anything is opened: an interface that was made anew has the name and the addresses of the old one.
    for (const [index, { claim }] of this.#byIndex) if (!next.has(index)) claim[Symbol.dispose]();
    for (const served of wanted) {
      if (next.has(served.index)) continue;
      const claim = this.#open(served, reasons);
      if (claim !== undefined) next.set(served.index, { served, claim });
    }
    this.#byIndex = next;
    this.#addresses = new Set([...next.values()].flatMap(({ served }) => [...served.addresses]));
    this.#report(reasons);
    if (reasons.size > 0) this.#retryLater();
    this.#onChange();
  }

  #open(served: ServedInterface<Address>, reasons: Map<string, string>): Claim | undefined {
    const { name } = served;
    try {
      const claim = this.#claim(served);
      this.#failures = 0;
      const addresses = served.addresses.map((address) => this.#rules.format(address)).join(" ");
      this.#log.log(this.#messages.OPEN_SOCKET, { interface: name, addresses });
      return claim;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      reasons.set(name, why);
      this.#log.log(this.#messages.OPEN_SOCKETS_FAILED, { interface: name, error: why });
      return undefined;
    }
  }

  #report(reasons: Map<string, string>): void {
    for (const [name, why] of reasons) {
      if (this.#unserved.get(name) !== why) this.#log.log(this.#messages.SOCKET_LOST, { interface: name, why });
    }
    this.#unserved = reasons;
    if (!this.isServing && !this.#isKnownDeaf) this.#log.log(this.#messages.NOT_SERVING, { why: this.describe() });
    this.#isKnownDeaf = !this.isServing;
  }

  /** A taken port is freed without any event; everything else we are told of. */
  #retryLater(): void {
    const wait = this.#schedule()(this.#failures + 1);
    if (wait === undefined) return;
    this.#retry = Timer.after(wait, () => {
      this.#failures += 1;
      this.update(this.#present);
    }).unref();
  }

  #schedule(): RetrySchedule {
    const retries = this.#config["service-sockets-max-retries"];
    const wait = this.#config["service-sockets-retry-wait-time"];
    return retries === undefined
      ? growingPauses(Math.max(wait ?? 1000, SHORTEST_PAUSE))
      : equalPauses(Math.max(wait ?? 5000, SHORTEST_PAUSE), retries);
  }

  /** The interfaces that can be served, with the addresses that the configuration lets us use there. */
  #wanted(reasons: Map<string, string>): ServedInterface<Address>[] {
    const rules = this.#rules;
    const named = new Map<string, Address[]>();
    for (const text of this.#config.interfaces) {
      const { name, address } = parseInterfaceText(text);
      const addresses = named.get(name) ?? [];
      named.set(name, addresses);
      if (address !== undefined) addresses.push(rules.parse(address)!);
    }
    const links = new Map([...this.#present.values()].map((link) => [link.name, link]));
    if (named.delete(ALL)) {
      for (const [name, link] of links) {
        if (!named.has(name) && rules.isUsable(link, this.#config)) named.set(name, []);
      }
    }
    const wanted: ServedInterface<Address>[] = [];
    for (const [name, only] of named) {
      const link = links.get(name);
      const addresses = this.#addressesOf(link, only);
      if (typeof addresses === "string") reasons.set(name, addresses);
      else {
        const { index, mtu, mac } = link!;
        wanted.push({ index, name, mtu, mac, addresses });
      }
    }
    return wanted;
  }

  /** @returns why not, as a text */
  #addressesOf(link: Interface | undefined, only: readonly Address[]): readonly Address[] | string {
    if (link === undefined) return "it does not exist (yet)";
    if (!link.up) return "it is down";
    if (!link.running) return "it has no carrier";
    return this.#rules.addressesOf(link, only, this.#config);
  }

  /** Serves nothing until the next `configure` or `update`. */
  release(): void {
    this.#retry?.stop();
    for (const { claim } of this.#byIndex.values()) claim[Symbol.dispose]();
    this.#byIndex = new Map();
    this.#addresses = new Set();
  }

  [Symbol.dispose](): void {
    this.release();
  }
}
