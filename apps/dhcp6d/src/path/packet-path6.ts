/** DHCPv6's own on a packet's way; `core/server/packets/pipeline.ts` takes these steps for whole batches. */
import { equalBytes } from "@kotare/core/base/bytes";
import { Message6 } from "@kotare/core/dhcp6/message6";
import { LeaseState } from "@kotare/core/leases/model/lease";
import type { Ports } from "@kotare/core/server/interfaces/sockets";
import type { PacketPath } from "@kotare/core/server/packets/packet-path";
import { shown6 } from "../extensions/shown6.ts";
import { messageRules } from "../handlers/message-rules6.ts";
import { destinationOf6 } from "../reply/destination6.ts";
import { encodeReply6, REPLY_LIMIT } from "../reply/reply-encoder6.ts";
import { completeQuery6 } from "./complete6.ts";
import { drop6, type Path6 } from "./outcome6.ts";
import { placeQuery6 } from "./place6.ts";

export function packetPath6(ports: Ports): PacketPath<Path6> {
  return {
    decode: (bytes, { settings }) => new Message6(bytes, settings.lenientOptionParsing),
    place(message, ingress, { service, hosts }, identity) {
      const packet = { message, ingress, classes: new Set(identity?.classes) };
      const placed = placeQuery6(packet, service, hosts, identity);
      return "places" in placed ? placed : { ...placed, packet };
    },
    decide(query, { service, view, now, random }, terms) {
      const { declineProbation } = service.settings;
      // `place` lets no other message through.
      const { handle } = messageRules.get(query.message.type)!;
      return handle(query, { view, now, random, declineProbation, terms });
    },
    complete: completeQuery6,
    encode(query, reply, service, replies) {
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
    /** Transaction id and type in one number. */
    transactionOf: ({ transactionId, type }) => transactionId * 256 + type,
    isSameClient: (a, b) =>
      a.ingress.source === b.ingress.source && equalBytes(a.message.clientId ?? NOBODY, b.message.clientId ?? NOBODY),
    hold({ ias, changes: { put } }, batch) {
      for (const lease of put) if (lease.state === LeaseState.offered) batch.put(lease);
      for (const { given } of ias) for (const { searched, address } of given) searched?.leaveBehind(address);
    },
    shown: shown6,
    drop: drop6,
  };
}

const NOBODY = new Uint8Array(0);
/** A reply that has no room for all of its options is none. */
const NONE: readonly number[] = [];
