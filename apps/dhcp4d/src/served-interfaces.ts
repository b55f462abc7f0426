/** Which of the host's interfaces we serve now, and why not the others: watched, so that one may come late or go. */

import { parseInterfaceText } from "@kotare/core/config/check/check-interfaces";
import type { InterfacesConfig } from "@kotare/core/config/dhcp4-config";
import { equalPauses, growingPauses, type RetrySchedule } from "@kotare/core/daemon/retry";
import { formatIpv4, type Ipv4, parseIpv4 } from "@kotare/core/ip/ipv4";
import type { Logger } from "@kotare/core/log/logger";
import type { Interface } from "@kotare/netio/interfaces";
import { main } from "./messages4.ts";
import type { ServedInterface } from "./query4.ts";

/** What it takes to serve an interface beyond its being there: its port, or its sockets. */
export interface Claim extends Disposable {}
/** @throws a system error when the port is taken or a capability is missing */
export type ClaimInterface = (served: ServedInterface) => Claim;

/** RFC 1700: Ethernet. */
const ETHERNET = 1;
const ALL = "*";

interface Entry {
  readonly served: ServedInterface;
  readonly claim: Claim;
}

export class ServedInterfaces {
  readonly #log: Logger;
  readonly #claim: ClaimInterface;
  readonly #onChange: () => void;
  #config: InterfacesConfig;
  #present: ReadonlyMap<number, Interface> = new Map();
  #byIndex = new Map<number, Entry>();
  #addresses = new Set<Ipv4>();
  /** Interface name → why it is not served; for the log once per change and for the status line. */
  #unserved = new Map<string, string>();
  /** Whether the log has been told that nobody is served. */
  #isKnownDeaf = false;
  /** Tries by the clock since something has worked. */
  #failures = 0;
  #retry: NodeJS.Timeout | undefined;

  constructor(config: InterfacesConfig, claim: ClaimInterface, log: Logger, onChange: () => void) {
    this.#config = config;
    this.#claim = claim;
    this.#log = log;
    this.#onChange = onChange;
  }

  get(ifindex: number): ServedInterface | undefined {
    return this.#byIndex.get(ifindex)?.served;
  }

  has(address: Ipv4): boolean {
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

  configure(config: InterfacesConfig): void {
    this.#config = config;
    this.#failures = 0;
    this.update(this.#present);
  }

  /** The host's interfaces have changed. */
  update(present: ReadonlyMap<number, Interface>): void {
    clearTimeout(this.#retry);
    this.#present = present;
    const reasons = new Map<string, string>();
    const wanted = this.#wanted(reasons);
    const next = new Map<number, Entry>();
    for (const served of wanted) {
      const before = this.#byIndex.get(served.index);
      if (before === undefined || before.served.name !== served.name) continue;
      if (sameList(before.served.addresses, served.addresses)) next.set(served.index, { ...before, served });
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

  #open(served: ServedInterface, reasons: Map<string, string>): Claim | undefined {
    const { name } = served;
    try {
      const claim = this.#claim(served);
      this.#failures = 0;
      this.#log.log(main.DHCP4_OPEN_SOCKET, { interface: name, addresses: served.addresses.map(formatIpv4).join(" ") });
      return claim;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      reasons.set(name, why);
      this.#log.log(main.DHCP4_OPEN_SOCKETS_FAILED, { interface: name, error: why });
      return undefined;
    }
  }

  #report(reasons: Map<string, string>): void {
    for (const [name, why] of reasons) {
      if (this.#unserved.get(name) !== why) this.#log.log(main.DHCP4_SOCKET_LOST, { interface: name, why });
    }
    this.#unserved = reasons;
    if (!this.isServing && !this.#isKnownDeaf) this.#log.log(main.DHCP4_NOT_SERVING, { why: this.describe() });
    this.#isKnownDeaf = !this.isServing;
  }

  /** A taken port is freed without any event; everything else we are told of. */
  #retryLater(): void {
    const wait = this.#schedule()(this.#failures + 1);
    if (wait === undefined) return;
    this.#retry = setTimeout(() => {
      this.#failures += 1;
      this.update(this.#present);
    }, wait);
    this.#retry.unref();
  }

  #schedule(): RetrySchedule {
    const retries = this.#config["service-sockets-max-retries"];
    const wait = this.#config["service-sockets-retry-wait-time"];
    return retries === undefined ? growingPauses(wait ?? 1000) : equalPauses(wait ?? 5000, retries);
  }

  /** The interfaces that can be served, with the addresses that the configuration lets us use there. */
  #wanted(reasons: Map<string, string>): ServedInterface[] {
    const isRaw = this.#config["dhcp-socket-type"] === "raw";
    const named = new Map<string, Ipv4[]>();
    for (const text of this.#config.interfaces) {
      const { name, address } = parseInterfaceText(text);
      const addresses = named.get(name) ?? [];
      named.set(name, addresses);
      if (address !== undefined) addresses.push(parseIpv4(address)!);
    }
    const links = new Map([...this.#present.values()].map((link) => [link.name, link]));
    if (named.delete(ALL)) {
      for (const [name, link] of links) if (!named.has(name) && isUsable(link, isRaw)) named.set(name, []);
    }
    const wanted: ServedInterface[] = [];
    for (const [name, only] of named) {
      const link = links.get(name);
      const why = whyNot(link, only, isRaw);
      if (why !== undefined) reasons.set(name, why);
      else wanted.push(serve(link!, only));
    }
    return wanted;
  }

  /** Serves nothing until the next `configure` or `update`. */
  release(): void {
    clearTimeout(this.#retry);
    for (const { claim } of this.#byIndex.values()) claim[Symbol.dispose]();
    this.#byIndex = new Map();
    this.#addresses = new Set();
  }

  [Symbol.dispose](): void {
    this.release();
  }
}

function serve(link: Interface, only: readonly Ipv4[]): ServedInterface {
  const { index, name, mtu } = link;
  return { index, name, mtu, addresses: only.length > 0 ? only : addressesOf(link) };
}

function addressesOf(link: Interface): readonly Ipv4[] {
  return link.ipv4.map(({ address }) => address);
}

/** What `*` stands for; all others would only be complained about. */
function isUsable(link: Interface, isRaw: boolean): boolean {
  return !link.loopback && (!isRaw || link.type === ETHERNET) && link.ipv4.length > 0;
}

function whyNot(link: Interface | undefined, only: readonly Ipv4[], isRaw: boolean): string | undefined {
  if (link === undefined) return "it does not exist (yet)";
  if (isRaw && link.type !== ETHERNET) return 'it is not Ethernet: "dhcp-socket-type": "udp" may serve it';
  if (!link.up) return "it is down";
  if (!link.running) return "it has no carrier";
  const addresses = addressesOf(link);
  if (addresses.length === 0) return "it has no IPv4 address";
  const missing = only.find((address) => !addresses.includes(address));
  return missing === undefined ? undefined : `it does not have the address ${formatIpv4(missing)}`;
}

function sameList(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
