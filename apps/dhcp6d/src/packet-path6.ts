/** DHCPv6's own on a packet's way; `core/server/pipeline.ts` takes these steps for whole batches. */
import { equalBytes } from "@kotare/core/base/bytes";
import { Message6 } from "@kotare/core/dhcp6/message6";
import { LeaseState } from "@kotare/core/leases/lease";
import type { Durability, PacketPath } from "@kotare/core/server/packet-path";
import { destinationOf6, type Ports6 } from "./destination6.ts";
import { messageRules } from "./handlers/message-rules.ts";
import { drop6, type Path6, type Reply6 } from "./outcome6.ts";
import { placeQuery6 } from "./place6.ts";
import { encodeReply6, REPLY_LIMIT } from "./reply-encoder6.ts";

export function packetPath6(ports: Ports6): PacketPath<Path6> {
  return {
    decode: (bytes, { settings }) => new Message6(bytes, settings.lenientOptionParsing),
    place: (message, ingress, { service }) => placeQuery6(message, ingress, service),
    decide(query, { service, view, now, random }) {
      const { declineProbation } = service.settings;
      // `place` lets no other message through.
      return messageRules.get(query.message.type)!.handle(query, { view, now, random, declineProbation });
    },
    encode(query, reply, service, replies) {
      const { buffer, offset } = replies.reserve(REPLY_LIMIT);
      const length = encodeReply6(query, reply, service, buffer, offset, REPLY_LIMIT);
      if (length === undefined) return drop6("too-large");
      replies.add(length, destinationOf6(query, ports));
      return undefined;
    },
    change({ changes: { put, remove } }, batch) {
      for (const { type, address } of remove) batch.remove(type, address);
      for (const lease of put) batch.put(lease);
    },
    durability,
    /** Transaction id and type in one number. */
    transactionOf: ({ transactionId, type }) => transactionId * 256 + type,
    isSameClient: (a, b) => a.ingress.source === b.ingress.source && equalBytes(a.duid, b.duid),
    drop: drop6,
  };
}

function durability({ ias, changes: { put, remove } }: Reply6): Durability {
  // An offer stays in memory.
  if (remove.length > 0 || put.some(({ state }) => state !== LeaseState.offered)) return "writes";
  return ias.some(({ given }) => given.some(({ isCached }) => isCached)) ? "confirms" : "none";
}
