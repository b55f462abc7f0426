/** DHCPv6's own on a packet's way; `core/server/packets/pipeline.ts` takes these steps for whole batches. */
import { completeClasses } from "@kotare/core/allocate/place-client";
import { equalBytes } from "@kotare/core/base/bytes";
import { Message6 } from "@kotare/core/dhcp6/message6";
import { LeaseState } from "@kotare/core/leases/model/lease";
import type { PacketPath } from "@kotare/core/server/packets/packet-path";
import { messageRules } from "../handlers/message-rules.ts";
import { destinationOf6, type Ports6 } from "../reply/destination6.ts";
import { encodeReply6, REPLY_LIMIT } from "../reply/reply-encoder6.ts";
import type { Reporter6 } from "../report/reporter6.ts";
import { drop6, type Path6, type Reply6 } from "./outcome6.ts";
import { placeQuery6 } from "./place6.ts";
import { type Query6, wishesOf } from "./query6.ts";
import type { Service6 } from "./service6.ts";

export function packetPath6(reporter: Reporter6, ports: Ports6): PacketPath<Path6> {
  return {
    decode: (bytes, { settings }) => new Message6(bytes, settings.lenientOptionParsing),
    place(message, ingress, { service }) {
      const packet = { message, ingress, classes: new Set<string>() };
      const placed = placeQuery6(packet, service);
      reporter.classes.assigned(packet, service.scope.classes.set);
      if ("places" in placed) reporter.decisions.placed(placed);
      return placed;
    },
    decide(query, { service, view, now, random }) {
      const { declineProbation } = service.settings;
      // `place` lets no other message through.
      return messageRules.get(query.message.type)!.handle(query, { view, now, random, declineProbation });
    },
    encode(query, reply, service, replies) {
      const { buffer, offset } = replies.reserve(REPLY_LIMIT);
      const complete = completeQuery(query, reply, service, reporter);
      const length = encodeReply6(complete, reply, service, buffer, offset, REPLY_LIMIT);
      if (length === undefined) return drop6("too-large");
      if (reporter.decisions.tellsWritten) {
        const codes = new Message6(buffer.subarray(offset, offset + length)).optionCodes();
        reporter.decisions.written(query.message.label, codes, wishesOf(query));
      }
      return { kind: "encoded", length, to: destinationOf6(query, ports) };
    },
    change({ changes: { put, remove, reliesOn } }, batch) {
      for (const { type, address } of remove) batch.remove(type, address);
      for (const lease of put) batch.put(lease);
      for (const lease of reliesOn) batch.relyOn(lease);
    },
    // An offer stays in memory.
    isChecked: ({ changes: { put, remove, reliesOn } }) =>
      reliesOn.length === 0 && (remove.length > 0 || put.some(({ state }) => state !== LeaseState.offered)),
    /** Transaction id and type in one number. */
    transactionOf: ({ transactionId, type }) => transactionId * 256 + type,
    isSameClient: (a, b) => a.ingress.source === b.ingress.source && equalBytes(a.duid, b.duid),
    drop: drop6,
  };
}

/** With the classes that come when it is known what the client gets: they count for options only. */
function completeQuery(query: Query6, { place, ias }: Reply6, { scope }: Service6, reporter: Reporter6): Query6 {
  if (place === undefined || place === "global") return query;
  const { classes } = scope;
  const { host, subnet } = ias.find(({ given }) => given.length > 0)?.given[0]?.place ?? place;
  const ofPools: string[] = [];
  for (const { given } of ias) for (const { pool } of given) ofPools.push(...(pool?.additionalClasses ?? []));
  const additional = ofPools.length === 0 ? subnet.additionalClasses : [...ofPools, ...subnet.additionalClasses];
  const complete = completeClasses(query, host, additional, classes.set);
  if (complete === query.classes) return query;
  const completed = { ...query, classes: complete, profile: classes.profiles.of(complete) };
  reporter.classes.completed(completed, query.classes, additional, classes.set);
  return completed;
}
