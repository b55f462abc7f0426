/** What a start plays through the steps: a client's way to a lease, as a relay in the first subnet passes it on. */
import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import { MessageWriter6 } from "@kotare/core/dhcp6/message-writer6";
import { Option6 } from "@kotare/core/dhcp6/option6";
import { type Ipv6Key, parseIpv6Key } from "@kotare/core/ip/ipv6-key";
import type { Rehearsal } from "@kotare/core/server/packets/rehearse";
import type { Service6 } from "./service6.ts";

const PORT = 547;
const ROOM = 512;
/** DUID-UUID (RFC 6355) of nobody. */
const DUID = Uint8Array.from([0, 4, ...new Uint8Array(16)]);
/** Name servers and search list. */
const ORO = Uint8Array.from([0, 23, 0, 24]);
const CLIENT = parseIpv6Key("fe80::1")!;

/** @returns `undefined` where there is no subnet with a pool of addresses */
export function rehearsal6({ scope, serverDuid }: Service6): Rehearsal<Ipv6Key> | undefined {
  for (const { prefix, pools } of scope.subnets.all()) {
    if (pools.length === 0) continue;
    const link = prefix;
    return {
      messages: [
        messageOf(MessageType6.SOLICIT, link, undefined),
        messageOf(MessageType6.REQUEST, link, serverDuid),
        messageOf(MessageType6.RENEW, link, serverDuid),
      ],
      ingress: {
        interface: { index: 0, name: "", mtu: 1500, mac: new Uint8Array(6), addresses: [] },
        source: link,
        sourcePort: PORT,
        destination: link,
        sourceMac: undefined,
      },
    };
  }
  return undefined;
}

function messageOf(type: number, link: Ipv6Key, serverDuid: Uint8Array | undefined): Uint8Array {
  const buffer = new Uint8Array(ROOM);
  const writer = new MessageWriter6(buffer, 0, ROOM);
  writer.beginRelay(MessageType6.RELAY_FORW, 0, link, CLIENT).openOption(Option6.relayMessage);
  writer.begin(type, 1).option(Option6.clientId, DUID);
  if (serverDuid !== undefined) writer.option(Option6.serverId, serverDuid);
  writer.openIa(Option6.iaNa, 1, 0, 0).closeOption().option(Option6.oro, ORO);
  return buffer.subarray(0, writer.finish());
}
