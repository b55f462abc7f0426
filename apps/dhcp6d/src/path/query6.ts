/** One packet with everything that the packet itself and the configuration say about it. */
import type { Place6 } from "@kotare/core/allocate/allocate6";
import type { IdentityAssociation } from "@kotare/core/dhcp6/identity-association";
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
  /** Whether the number of an association, of which there is only one of its kind, does not count. */
  readonly ignoresIaid: boolean;
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

/** The client's associations, with the numbers that leases have. */
export function iasOf({ message, ignoresIaid }: Query6): readonly IdentityAssociation[] {
  const { ias } = message;
  return ignoresIaid ? ias.map((ia) => (isAlone(ia, ias) ? { ...ia, iaid: 0 } : ia)) : ias;
}

/** The number that the client has given an association. */
export function sentIaid({ message, ignoresIaid }: Query6, { code, iaid }: Pick<IdentityAssociation, "code" | "iaid">) {
  const alike = ignoresIaid ? message.ias.filter((ia) => ia.code === code) : [];
  return alike.length === 1 ? alike[0]!.iaid : iaid;
}

function isAlone({ code }: IdentityAssociation, ias: readonly IdentityAssociation[]): boolean {
  return ias.filter((ia) => ia.code === code).length === 1;
}

/** Whether an option is in the client's list of wishes. */
export function asksFor(query: Pick<Query6, "message">, code: number): boolean {
  return wishesOf(query).includes(code);
}

/** Whether the client may have an address where it is. */
export function isOnLink({ places }: Pick<Query6, "places">, address: Ipv6Key): boolean {
  return places.some(({ subnet }) => isInPrefix(address, subnet.prefix, subnet.prefixLength));
}
