/** Finds the subnet of a packet: by prefix, relay, interface or id, at the same cost for one subnet and for 10,000. */
import { type Ipv4, parseIpv4Prefix } from "../../ip/ipv4.ts";
import type { Over6, Subnet4 } from "../subnet4.ts";
import { PrefixIndex4 } from "./prefix-index4.ts";

/** Whether a subnet counts: for a client, those that are open to its classes. */
export type Accepts4 = (subnet: Subnet4) => boolean;

export class SubnetIndex4 {
  readonly #byId = new Map<number, Subnet4>();
  readonly #byPrefix = new PrefixIndex4<Subnet4>(({ id }) => id);
  readonly #byRelay = new Map<Ipv4, Subnet4[]>();
  readonly #byInterface = new Map<string, Subnet4[]>();
  readonly #over6: { readonly subnet: Subnet4; readonly over6: Over6 }[] = [];

  /** In the order of their ids: of several subnets that match, the first one that is accepted wins. */
  add(subnet: Subnet4): void {
    this.#byId.set(subnet.id, subnet);
    this.#byPrefix.add(subnet.prefix, subnet);
    for (const relay of subnet.relays) addTo(this.#byRelay, relay, subnet);
    if (subnet.interfaceName !== "") addTo(this.#byInterface, subnet.interfaceName, subnet);
    if (subnet.over6 !== undefined) this.#over6.push({ subnet, over6: subnet.over6 });
  }

  all(): Iterable<Subnet4> {
    return this.#byId.values();
  }

  byId(id: number): Subnet4 | undefined {
    return this.#byId.get(id);
  }

  /** @param text of a prefix */
  byPrefix(text: string): Subnet4 | undefined {
    const prefix = parseIpv4Prefix(text);
    return prefix && this.#byPrefix.get(prefix);
  }

  byRelay(giaddr: Ipv4, accepts: Accepts4): Subnet4 | undefined {
    return this.#byRelay.get(giaddr)?.find(accepts);
  }

  byInterface(name: string, accepts: Accepts4): Subnet4 | undefined {
    return this.#byInterface.get(name)?.find(accepts);
  }

  /** Looks at each subnet that is for queries over DHCPv6. */
  byQuery6(matches: (over6: Over6) => boolean, accepts: Accepts4): Subnet4 | undefined {
    return this.#over6.find(({ subnet, over6 }) => accepts(subnet) && matches(over6))?.subnet;
  }

  /** The first subnet added that contains the address. @param accepts without it, every subnet counts */
  byAddress(address: Ipv4, accepts?: Accepts4): Subnet4 | undefined {
    return this.#byPrefix.find(address, accepts);
  }
}

function addTo<Key>(map: Map<Key, Subnet4[]>, key: Key, subnet: Subnet4): void {
  const there = map.get(key);
  if (there === undefined) map.set(key, [subnet]);
  else there.push(subnet);
}
