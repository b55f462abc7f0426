/** Where a reply goes (RFC 2131 §4.1, RFC 8357 for relays on other ports). */
import { MessageType } from "@kotare/core/dhcp4/message-type";
import { LIMITED_BROADCAST } from "@kotare/core/ip/ipv4";
import type { Destination } from "@kotare/netio/datagram";
import type { Reply4 } from "./outcome4.ts";
import type { Query4 } from "./query4.ts";

export interface Ports {
  readonly server: number;
  readonly client: number;
}

export function destinationOf(query: Query4, reply: Reply4, ports: Ports): Destination {
  const { message, ingress } = query;
  const ifindex = ingress.interface.index;
  const source = ingress.interface.addresses.includes(ingress.destination)
    ? ingress.destination
    : (ingress.interface.addresses[0] ?? 0);
  if (message.giaddr !== 0) {
    // An INFORM with an address of its own is answered to that address (RFC 2131 §4.3.5).
    if (message.type === MessageType.DHCPINFORM && message.ciaddr !== 0) {
      return { ifindex, source, address: message.ciaddr, port: ports.client, mac: ingress.sourceMac };
    }
    const port = query.relay?.relayPort === true ? ingress.sourcePort : ports.server;
    return { ifindex, source, address: message.giaddr, port, mac: ingress.sourceMac };
  }
  const direct = { ifindex, source, port: ports.client };
  if (reply.type === MessageType.DHCPNAK) return { ...direct, address: LIMITED_BROADCAST, mac: undefined };
  if (message.ciaddr !== 0) return { ...direct, address: message.ciaddr, mac: ingress.sourceMac };
  if (message.type === MessageType.DHCPINFORM) return { ...direct, address: ingress.source, mac: ingress.sourceMac };
  // The frame's sender, and not chaddr: a switch in between may answer for clients of other hardware.
  const mac = message.isBroadcast ? undefined : ingress.sourceMac;
  return { ...direct, address: mac === undefined ? LIMITED_BROADCAST : reply.yiaddr, mac };
}
