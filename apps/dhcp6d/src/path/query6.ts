/** One packet with everything that the packet itself and the configuration say about it. */
import type { Place6 } from "@kotare/core/allocate/allocate6";
import { Option6 } from "@kotare/core/dhcp6/option6";
import type { Subject6 } from "@kotare/core/expressions/expressions6";
import { type Ipv6Key, isInPrefix } from "@kotare/core/ip/ipv6-key";
import type { HwaddrSource } from "@kotare/core/leases/model/lease6";
import type { Ingress } from "@kotare/core/server/packets/packet-path";
import type { ClassProfile } from "@kotare/core/subnets/class-profiles";
import type { ClassValues6 } from "@kotare/core/subnets/compile/compile-classes6";
import { optionWire6 } from "@kotare/core/subnets/options/option-wire6";

/** How a packet came in; the interface's link-local address is the first of its addresses. */
export type Ingress6 = Ingress<Ipv6Key>;

/** A client's hardware address and where it was found: Kea's `mac-sources`. */
export interface ClientMac {
  readonly address: Uint8Array;
  readonly htype: number;
  readonly source: HwaddrSource;
}

/** A packet that classes can be asked about. */
export interface ClassedPacket6 extends Subject6 {
  readonly ingress: Ingress6;
}

export interface Query6 extends ClassedPacket6 {
  /** Empty in an INFORMATION-REQUEST that names nobody. */
  readonly duid: Uint8Array;
  readonly mac: ClientMac | undefined;
  /** Where the client may be served, the selected subnet first; empty when no subnet fits. */
  readonly places: readonly Place6[];
  /** What its classes give it. */
  readonly profile: ClassProfile<ClassValues6>;
}

/** Codes in the client's list of wishes; a list that is broken costs it what is broken, not its lease. */
export function wishesOf({ message }: Pick<Query6, "message">): readonly number[] {
  const wishes = message.option(Option6.oro);
  return wishes === undefined ? [] : [...optionWire6.readRequested(wishes)];
}

/** Whether an option is in the client's list of wishes. */
export function asksFor(query: Pick<Query6, "message">, code: number): boolean {
  return wishesOf(query).includes(code);
}

/** Whether the client may have an address where it is. */
export function isOnLink({ places }: Pick<Query6, "places">, address: Ipv6Key): boolean {
  return places.some(({ subnet }) => isInPrefix(address, subnet.prefix, subnet.prefixLength));
}
