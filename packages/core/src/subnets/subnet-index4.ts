/** Finds the subnet of a packet: by prefix, relay, interface or id, at the same cost for one subnet and for 10,000. */
import type { Ipv4 } from "../ip/ipv4.ts";
import { PrefixIndex4 } from "./prefix-index4.ts";
import type { Subnet4 } from "./subnet4.ts";

export class SubnetIndex4 {
  readonly #byId = new Map<number, Subnet4>();
  readonly #byPrefix = new PrefixIndex4<Subnet4>();
  readonly #byRelay = new Map<Ipv4, Subnet4>();
  readonly #byInterface = new Map<string, Subnet4>();

  /** Subnets are added in the order of the configuration: where several match, the first wins, as in Kea. */
  add(subnet: Subnet4): void {
    this.#byId.set(subnet.id, subnet);
    this.#byPrefix.add(subnet.prefix, subnet);
    for (const relay of subnet.relays) if (!this.#byRelay.has(relay)) this.#byRelay.set(relay, subnet);
    const name = subnet.interfaceName;
    if (name !== "" && !this.#byInterface.has(name)) this.#byInterface.set(name, subnet);
  }

  all(): Iterable<Subnet4> {
    return this.#byId.values();
  }

  byId(id: number): Subnet4 | undefined {
    return this.#byId.get(id);
  }

  byRelay(giaddr: Ipv4): Subnet4 | undefined {
    return this.#byRelay.get(giaddr);
  }

  byInterface(name: string): Subnet4 | undefined {
    return this.#byInterface.get(name);
  }

  /** The first configured subnet that contains the address. */
  byAddress(address: Ipv4): Subnet4 | undefined {
    return this.#byPrefix.find(address);
  }
}
