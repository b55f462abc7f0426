/** Finds the IPv6 subnet of a packet: by prefix, relay, interface, interface-id or id, whatever their number. */
import { parseIpv6Prefix } from "../../ip/ipv6.ts";
import { type Ipv6Key, readIpv6Key } from "../../ip/ipv6-key.ts";
import type { Subnet6 } from "../subnet6.ts";
import { PrefixIndex6 } from "./prefix-index6.ts";

/** The ways to a subnet beside its prefix. */
export interface SubnetWays6 {
  /** Relay addresses that select the subnet: its own, else its shared network's. */
  readonly relays: readonly Ipv6Key[];
  /** Name of the interface whose direct clients belong here; empty for none. */
  readonly interfaceName: string;
  /** What a relay on the link sends in option 18, one character a byte; empty for none. */
  readonly interfaceId: string;
}

/** Whether a subnet counts: for a client, those that are open to its classes. */
export type Accepts6 = (subnet: Subnet6) => boolean;

export class SubnetIndex6 {
  readonly #byId = new Map<number, Subnet6>();
  readonly #byPrefix = new PrefixIndex6<Subnet6>(({ id }) => id);
  readonly #byRelay = new Map<Ipv6Key, Subnet6[]>();
  readonly #byInterface = new Map<string, Subnet6[]>();
  readonly #byInterfaceId = new Map<string, Subnet6[]>();

  /** In the order of their ids: of several subnets that match, the first one that is accepted wins. */
  add(subnet: Subnet6, { relays, interfaceName, interfaceId }: SubnetWays6): void {
    this.#byId.set(subnet.id, subnet);
    this.#byPrefix.add(subnet.prefix, subnet.prefixLength, subnet);
    for (const relay of relays) addTo(this.#byRelay, relay, subnet);
    if (interfaceName !== "") addTo(this.#byInterface, interfaceName, subnet);
    if (interfaceId !== "") addTo(this.#byInterfaceId, interfaceId, subnet);
  }

  all(): Iterable<Subnet6> {
    return this.#byId.values();
  }

  byId(id: number): Subnet6 | undefined {
    return this.#byId.get(id);
  }

  /** @param text of a prefix */
  byPrefix(text: string): Subnet6 | undefined {
    const prefix = parseIpv6Prefix(text);
    return prefix && this.#byPrefix.get(readIpv6Key(prefix.address), prefix.length);
  }

  byRelay(address: Ipv6Key, accepts: Accepts6): Subnet6 | undefined {
    return this.#byRelay.get(address)?.find(accepts);
  }

  byInterface(name: string, accepts: Accepts6): Subnet6 | undefined {
    return this.#byInterface.get(name)?.find(accepts);
  }

  byInterfaceId(id: string, accepts: Accepts6): Subnet6 | undefined {
    return this.#byInterfaceId.get(id)?.find(accepts);
  }

  /** The first subnet added that contains the address. @param accepts without it, every subnet counts */
  byAddress(address: Ipv6Key, accepts?: Accepts6): Subnet6 | undefined {
    return this.#byPrefix.find(address, accepts);
  }
}

function addTo<Key>(map: Map<Key, Subnet6[]>, key: Key, subnet: Subnet6): void {
  const there = map.get(key);
  if (there === undefined) map.set(key, [subnet]);
  else there.push(subnet);
}
