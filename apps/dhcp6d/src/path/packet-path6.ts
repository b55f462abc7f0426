/** DHCPv6's own on a packet's way; `core/server/packets/pipeline.ts` takes these steps for whole batches. */
import { equalBytes } from "@kotare/core/base/bytes";
import { MessageType6, nameMessageType6 } from "@kotare/core/dhcp6/message-type6";
import { Message6 } from "@kotare/core/dhcp6/message6";
import { type Ipv6Key, UNSPECIFIED } from "@kotare/core/ip/ipv6-key";
import { LeaseState } from "@kotare/core/leases/model/lease";
import type { Delivered } from "@kotare/core/server/dhcp4o6/delivering-batch";
import { encodeOver6Query, OVER6_LIMIT } from "@kotare/core/server/dhcp4o6/over6-messages";
import type { Tunnel6 } from "@kotare/core/server/dhcp4o6/tunnel6";
import type { Ports } from "@kotare/core/server/interfaces/sockets";
import type { EncodedReply, PacketPath } from "@kotare/core/server/packets/packet-path";
import type { SendBatch } from "@kotare/netio/transports/datagram";
import { shown6 } from "../extensions/shown6.ts";
import { messageRules } from "../handlers/message-rules6.ts";
import { destinationOf6 } from "../reply/destination6.ts";
import { encodeReply6, REPLY_LIMIT } from "../reply/reply-encoder6.ts";
import { completeQuery6 } from "./complete6.ts";
import { glance6 } from "./glance6.ts";
import { type Drop6, drop6, type Path6 } from "./outcome6.ts";
import { placeQuery6 } from "./place6.ts";
import type { Query6 } from "./query6.ts";

/** @param tunnel where DHCPv4 over DHCPv6 goes */
export function packetPath6(ports: Ports, tunnel: PassesOn = NOWHERE): PacketPath<Path6> {
  return {
    glance: glance6,
    nameType: nameMessageType6,
    decode: (bytes, { settings }) => new Message6(bytes, settings.lenientOptionParsing),
    place(message, ingress, { service, hosts }, identity) {
      const packet = { message, ingress, classes: new Set(identity?.classes) };
      const placed = placeQuery6(packet, service, hosts, identity);
      return "places" in placed ? placed : { ...placed, packet };
    },
    decide(query, { service, view, now, random }, terms) {
      const { declineProbation, allowsRegistration, prefixLengths } = service.settings;
      const { subnets } = service.scope;
      // `place` lets no other message through.
      const { handle } = messageRules.get(query.message.type)!;
      const { secrets } = service.own ?? NO_SECRET;
      const facts = { view, now, random, declineProbation, allowsRegistration, subnets, prefixLengths, secrets, terms };
      return handle(query, facts);
    },
    complete: completeQuery6,
    encode(query, reply, service, replies) {
      if (reply.kind === "done") return passOn(query, replies, tunnel);
      const { buffer, offset } = replies.reserve(REPLY_LIMIT);
      const length = encodeReply6(query, reply, service, buffer, offset, REPLY_LIMIT);
      if (length === undefined) return drop6("too-large");
      return { kind: "encoded", buffer, offset, length, to: destinationOf6(query, ports), leftOut: NONE };
    },
    change({ ias, changes: { put, remove, reliesOn } }, batch) {
      for (const { type, address } of remove) batch.remove(type, address);
      for (const lease of put) batch.put(lease);
      for (const lease of reliesOn) batch.relyOn(lease);
      for (const { given } of ias) for (const { searched, address } of given) searched?.leaveBehind(address);
    },
    // An offer stays in memory.
    isChecked: ({ changes: { put, remove, reliesOn } }) =>
      reliesOn.length === 0 && (remove.length > 0 || put.some(({ state }) => state !== LeaseState.offered)),
    isBinding: ({ changes: { put, remove, reliesOn } }) =>
      reliesOn.length > 0 || remove.length > 0 || put.some(({ state }) => state !== LeaseState.offered),
    /** Transaction id and type in one number. */
    transactionOf: ({ transactionId, type }) => transactionId * 256 + type,
    // RFC 7341 §6.3: a DHCPV4-QUERY has flags there; the DHCPv4 server knows its clients.
    isSameClient: (a, b) =>
      a.message.type !== MessageType6.DHCPV4_QUERY &&
      a.ingress.source === b.ingress.source &&
      equalBytes(a.message.clientId ?? NOBODY, b.message.clientId ?? NOBODY),
    hold({ ias, changes: { put } }, batch) {
      for (const lease of put) if (lease.state === LeaseState.offered) batch.put(lease);
      for (const { given } of ias) for (const { searched, address } of given) searched?.leaveBehind(address);
    },
    shown: shown6,
    drop: drop6,
  };
}

/** To the DHCPv4 server. */
export type PassesOn = Pick<Tunnel6, "isOn" | "passOn">;

const NOWHERE: PassesOn = { isOn: false, passOn: () => undefined };

function passOn(
  { message, ingress }: Query6,
  replies: Pick<SendBatch<Ipv6Key>, "reserve">,
  tunnel: PassesOn,
): EncodedReply<Ipv6Key> | Drop6 {
  if (!tunnel.isOn) return drop6("no-dhcpv4-server");
  const { source, sourcePort, interface: link } = ingress;
  const way = { interfaceName: link.name, source, sourcePort };
  const { buffer, offset } = replies.reserve(OVER6_LIMIT);
  const length = encodeOver6Query(message, way, buffer, offset, OVER6_LIMIT);
  if (length === undefined) return drop6("too-large");
  const to: Delivered<Ipv6Key> = {
    ifindex: link.index,
    source: UNSPECIFIED,
    address: UNSPECIFIED,
    port: 0,
    deliver: (query) => {
      tunnel.passOn(query);
      return true;
    },
  };
  return { kind: "encoded", buffer, offset, length, to, leftOut: NONE };
}

const NO_SECRET = { secrets: undefined };
const NOBODY = new Uint8Array(0);
/** A reply that has no room for all of its options is none. */
const NONE: readonly number[] = [];
