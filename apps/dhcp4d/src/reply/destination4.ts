/** Where a reply goes (RFC 2131 §4.1, RFC 8357 for relays on other ports). */
import { MessageType4 } from "@kotare/core/dhcp4/message-type4";
import { type Ipv4, LIMITED_BROADCAST } from "@kotare/core/ip/ipv4";
import type { Delivered } from "@kotare/core/server/dhcp4o6/delivering-batch";
import type { Ports } from "@kotare/core/server/interfaces/sockets";
import type { Destination } from "@kotare/netio/transports/datagram";
import type { Reply4 } from "../path/outcome4.ts";
import type { Query4 } from "../path/query4.ts";

export function destinationOf4(query: Query4, reply: Reply4, ports: Ports): Destination | Delivered<Ipv4> {
  const { message, ingress } = query;
  const ifindex = ingress.interface.index;
  const source = ingress.interface.addresses.includes(ingress.destination)
    ? ingress.destination
    : (ingress.interface.addresses[0] ?? 0);
  const to = (address: Ipv4, mac: Uint8Array | undefined, port = ports.client): Destination => {
    return { ifindex, source, address, port, mac };
  };
  if (ingress.over6 !== undefined) return { ...to(reply.yiaddr, undefined), deliver: ingress.over6.answer };
  if (message.giaddr !== 0) {
    // An INFORM with an address of its own is answered to that address (RFC 2131 §4.3.5).
    if (message.type === MessageType4.DHCPINFORM && message.ciaddr !== 0) return to(message.ciaddr, ingress.sourceMac);
    return to(message.giaddr, ingress.sourceMac, query.relay?.relayPort === true ? ingress.sourcePort : ports.server);
  }
  if (reply.type === MessageType4.DHCPNAK) return to(LIMITED_BROADCAST, undefined);
  if (message.ciaddr !== 0) return to(message.ciaddr, ingress.sourceMac);
  if (message.type === MessageType4.DHCPINFORM) return to(ingress.source, ingress.sourceMac);
  // The frame's sender, and not chaddr: a switch in between may answer for clients of other hardware.
  const mac = message.isBroadcast ? undefined : ingress.sourceMac;
  return to(mac === undefined ? LIMITED_BROADCAST : reply.yiaddr, mac);
}
