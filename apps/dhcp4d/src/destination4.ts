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

/** RFC 1700: Ethernet, the only hardware whose frames we can address. */
const ETHERNET = 1;

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
  if (message.ciaddr !== 0) return { ...direct, address: message.ciaddr, mac: ingress.sourceMac ?? clientMac(query) };
  if (message.type === MessageType.DHCPINFORM) return { ...direct, address: ingress.source, mac: ingress.sourceMac };
  const mac = message.isBroadcast ? undefined : clientMac(query);
  return mac === undefined
    ? { ...direct, address: LIMITED_BROADCAST, mac: undefined }
    : { ...direct, address: reply.yiaddr, mac };
}

/** The MAC address in `chaddr`, if frames can be sent to it. */
function clientMac({ message, hwaddr }: Query4): Uint8Array | undefined {
  return message.htype === ETHERNET && hwaddr.length === 6 ? hwaddr : undefined;
}
