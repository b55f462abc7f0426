/** DHCPv4's own on a packet's way; `core/server/packets/pipeline.ts` takes these steps for whole batches. */
import { MessageType4, nameMessageType4 } from "@kotare/core/dhcp4/message-type4";
import { Message4, Option4 } from "@kotare/core/dhcp4/message4";
import type { Ipv4 } from "@kotare/core/ip/ipv4";
import { LeaseState, OFFER_HOLD } from "@kotare/core/leases/model/lease";
import type { LeaseView4 } from "@kotare/core/leases/model/lease-store4";
import { agentOptionsOf } from "@kotare/core/leases/user-context/agent-options4";
import type { Ports } from "@kotare/core/server/interfaces/sockets";
import type { EncodedReply, PacketPath } from "@kotare/core/server/packets/packet-path";
import type { SendBatch } from "@kotare/netio/transports/datagram";
import { authenticate4, replayIdOf } from "../authentication/authenticate4.ts";
import { shown4 } from "../extensions/shown4.ts";
import { declineOffer4 } from "../handlers/decline4.ts";
import { handlers } from "../handlers/index.ts";
import { destinationOf4 } from "../reply/destination4.ts";
import { encodeReply4, payloadLimit } from "../reply/reply-encoder4.ts";
import { completeQuery4 } from "./complete4.ts";
import { glance4 } from "./glance4.ts";
import { type Drop4, drop4, type Path4, type Reply4 } from "./outcome4.ts";
import { placeQuery4 } from "./place4.ts";
import type { Query4 } from "./query4.ts";
import type { Service4 } from "./service4.ts";

export function packetPath4(ports: Ports): PacketPath<Path4> {
  return {
    glance: glance4,
    nameType: nameMessageType4,
    decode: (bytes, { settings }) => new Message4(bytes, settings.lenientOptionParsing),
    place(message, ingress, { service, view, hosts, isOurAddress }, identity) {
      const stashed = stashedOptions(message, service, view);
      const packet = { message, ingress, stashed, classes: new Set(identity?.classes) };
      const placed = placeQuery4(packet, service, isOurAddress, hosts, identity);
      const { authentication } = service;
      const isPlaced = "places" in placed;
      const admitted =
        isPlaced && authentication ? authenticate4(placed, authentication, view, service.own?.heard) : placed;
      return "places" in admitted ? admitted : { ...admitted, packet };
    },
    decide(query, { service, view, now, random }, terms) {
      const handler = handlers[query.message.type];
      if (handler === undefined) return drop4("unknown-type", `type ${query.message.type}`);
      const { settings, scope } = service;
      const { declineProbation } = settings;
      const { secrets } = service.own ?? NO_SECRET;
      return handler(query, { view, now, random, declineProbation, subnets: scope.subnets, secrets, terms });
    },
    complete: (query, answer, service) => (answer.kind === "done" ? query : completeQuery4(query, answer, service)),
    encode: (query, answer, service, replies) =>
      answer.kind === "done" ? undefined : encode(query, answer, service, replies, ports),
    change(answer, batch) {
      const { put, remove, reliesOn } = answer.changes;
      if (remove !== undefined) batch.remove(remove.address);
      if (put !== undefined) batch.put(put);
      if (reliesOn !== undefined) batch.relyOn(reliesOn);
      if (answer.kind === "reply") answer.choice?.searched?.leaveBehind(answer.choice.address);
    },
    // An offer stays in memory.
    isChecked: ({ changes: { put, remove } }) =>
      remove !== undefined || (put !== undefined && put.state !== LeaseState.offered),
    isBinding: ({ changes: { put, remove, reliesOn } }) =>
      remove !== undefined || reliesOn !== undefined || (put !== undefined && put.state !== LeaseState.offered),
    /** Transaction id and type in one number. */
    transactionOf: ({ xid, type }) => xid * 256 + type,
    isSameClient: ({ message: a }, { message: b }) => a.giaddr === b.giaddr && Buffer.compare(a.chaddr, b.chaddr) === 0,
    declineOffer: (answer, { now, service }) =>
      answer.kind === "done"
        ? answer
        : declineOffer4(answer, { now, declineProbation: service.settings.declineProbation }),
    hold(answer, batch) {
      if (answer.kind === "done" || answer.choice === undefined) return;
      const { choice, changes } = answer;
      choice.searched?.leaveBehind(choice.address);
      const isFree = choice.current === undefined || choice.current.state === LeaseState.offered;
      // What an offer is going to write may still be refused.
      if (isFree && changes.put !== undefined) {
        batch.put({ ...changes.put, validLifetime: OFFER_HOLD, state: LeaseState.offered });
      }
    },
    settled({ query, service }) {
      const replay = query?.auth?.replay;
      if (replay !== undefined) service.own?.heard?.note(replayIdOf(query!), replay);
    },
    shown: shown4,
    drop: drop4,
  };
}

const NO_SECRET = { secrets: undefined };

function encode(
  query: Query4,
  reply: Reply4,
  service: Service4,
  replies: Pick<SendBatch, "reserve">,
  ports: Ports,
): EncodedReply<Ipv4> | Drop4 {
  const limit = payloadLimit(query);
  const { buffer, offset } = replies.reserve(limit);
  const encoded = encodeReply4(query, reply, service.settings, buffer, offset, limit);
  if (encoded === undefined) return drop4("too-large");
  const { length, leftOut } = encoded;
  const to = destinationOf4(query, reply, ports);
  return {
    kind: "encoded",
    buffer,
    offset,
    length,
    to: service.settings.isRouted ? { ...to, ifindex: 0 } : to,
    leftOut,
  };
}

/** Kea's `stash-agent-options`: a client that renews by itself keeps the relay information of its lease. */
function stashedOptions(message: Message4, { settings }: Service4, view: LeaseView4): Uint8Array | undefined {
  if (!settings.stashAgentOptions || message.type !== MessageType4.DHCPREQUEST) return undefined;
  if (message.ciaddr === 0 || message.giaddr !== 0 || message.hasOption(Option4.relayAgentInformation)) {
    return undefined;
  }
  const lease = view.byAddress(message.ciaddr);
  if (lease === undefined || Buffer.compare(lease.hwaddr, message.chaddr) !== 0) return undefined;
  return agentOptionsOf(lease.userContext);
}
