/** Where a reply goes (RFC 8415 §18.3.10, §19.3; RFC 8357 for relays on other ports). */
import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import { type Ipv6Key, isLinkLocal, isLinkMulticast, isMulticast } from "@kotare/core/ip/ipv6-key";
import type { Ports } from "@kotare/core/server/interfaces/sockets";
import type { Destination } from "@kotare/netio/transports/datagram";
import type { ClassedPacket6 } from "../path/query6.ts";

/**
 * Back to where the message came from: the client, or the relay nearest to us. Where no router can have passed it on, that is
 * where its frame came from.
 */
export function destinationOf6({ message, ingress }: ClassedPacket6, ports: Ports): Destination<Ipv6Key> {
  const { interface: link, source: address, sourceMac, destination } = ingress;
  const relay = message.relays[0];
  const port =
    relay === undefined ? portOf(message, ingress, ports) : relay.wantsSourcePort ? ingress.sourcePort : ports.server;
  const source: Ipv6Key = isMulticast(destination) ? link.addresses[0]! : destination;
  const isOfLink = isLinkLocal(address) || isLinkMulticast(destination);
  return { ifindex: link.index, source, address, port, mac: isOfLink ? sourceMac : undefined };
}

/** Who asks for leases is no client, and listens where it has asked from, as Kea has it. */
function portOf({ type }: ClassedPacket6["message"], { sourcePort }: ClassedPacket6["ingress"], ports: Ports): number {
  return type === MessageType6.LEASEQUERY ? sourcePort : ports.client;
}
