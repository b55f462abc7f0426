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
    const before = this.#byIndex;
    const reasons = new Map<string, string>();
    const next = new Map<number, Entry>();
    for (const { link, addresses } of this.#wanted(reasons)) {
      const served = { index: link.index, name: link.name, mtu: link.mtu, addresses };
      const kept = before.get(link.index);
      if (kept !== undefined && kept.served.name === served.name && sameList(kept.served.addresses, addresses)) {
        next.set(link.index, kept.served.mtu === link.mtu ? kept : { served, claim: kept.claim });
        before.delete(link.index);
        continue;
      }
      kept?.claim[Symbol.dispose]();
      before.delete(link.index);
      try {
        next.set(link.index, { served, claim: this.#claim(served) });
        this.#failures = 0;
        this.#log.log(main.DHCP4_OPEN_SOCKET, { interface: link.name, addresses: addresses.map(formatIpv4).join(" ") });
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        reasons.set(link.name, why);
        this.#log.log(main.DHCP4_OPEN_SOCKETS_FAILED, { interface: link.name, error: why });
      }
    }
    for (const { claim } of before.values()) claim[Symbol.dispose]();
    this.#byIndex = next;
    this.#addresses = new Set([...next.values()].flatMap(({ served }) => [...served.addresses]));
    this.#report(reasons);
    if (reasons.size > 0) this.#retryLater();
    this.#onChange();
  }

  #report(reasons: Map<string, string>): void {
    for (const [name, why] of reasons) {
      if (this.#unserved.get(name) !== why) this.#log.log(main.DHCP4_SOCKET_LOST, { interface: name, why });
    }
    const wasServing = this.#unserved.size === 0 || this.#byIndex.size > 0;
    this.#unserved = reasons;
    if (!this.isServing && wasServing) this.#log.log(main.DHCP4_NOT_SERVING, { why: this.describe() });
  }

  /** A taken port is freed without any event; everything else we are told of. */
  #retryLater(): void {
    this.#failures += 1;
    const wait = this.#schedule()(this.#failures);
    if (wait === undefined) return;
    this.#retry = setTimeout(() => this.update(this.#present), wait);
    this.#retry.unref();
  }

  #schedule(): RetrySchedule {
    const retries = this.#config["service-sockets-max-retries"];
    const wait = this.#config["service-sockets-retry-wait-time"];
    return retries === undefined ? growingPauses(wait ?? 1000) : equalPauses(wait ?? 5000, retries);
  }

  /** The interfaces that can be served, with the addresses that the configuration lets us use there. */
  #wanted(reasons: Map<string, string>): { link: Interface; addresses: readonly Ipv4[] }[] {
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
    const wanted: { link: Interface; addresses: readonly Ipv4[] }[] = [];
    for (const [name, only] of named) {
      const link = links.get(name);
      const why = whyNot(link, only, isRaw);
      if (why !== undefined) reasons.set(name, why);
      else wanted.push({ link: link!, addresses: only.length > 0 ? only : addressesOf(link!) });
    }
    return wanted;
  }

  /** Serves nothing until the next `configure` or `update`. */
  release(): void {
    clearTimeout(this.#retry);
    for (const { claim } of this.#byIndex.values()) claim[Symbol.dispose]();
    this.#byIndex = new Map();
  }

  [Symbol.dispose](): void {
    this.release();
  }
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
