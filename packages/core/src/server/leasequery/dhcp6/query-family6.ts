/** What a message by TCP asks of the DHCPv6 server (RFC 5460 §6, RFC 7653). */
import { equalBytes } from "../../../base/bytes.ts";
import type { Seconds } from "../../../base/clock.ts";
import { unlessBroken } from "../../../base/decode-error.ts";
import { MessageType6 } from "../../../dhcp6/message-type6.ts";
import { Message6 } from "../../../dhcp6/message6.ts";
import type { Status6 } from "../../../dhcp6/option-index6.ts";
import { Option6 } from "../../../dhcp6/option6.ts";
import { StatusCode6 } from "../../../dhcp6/status-code6.ts";
import { isInPrefix, UNSPECIFIED } from "../../../ip/ipv6-key.ts";
import type { Lease6 } from "../../../leases/model/lease6.ts";
import type { SubnetIndex6 } from "../../../subnets/select/subnet-index6.ts";
import { isActive } from "../active-leases.ts";
import { wanted } from "../look.ts";
import type { Asked, QueryFamily } from "../queries.ts";
import { AnswerWriter6, writeStatus6 } from "./answer-writer6.ts";
import { everyLease6, findLeases6, keyOf6, type LeaseSource6 } from "./find-leases6.ts";
import { readLeaseQuery6 } from "./lease-query6.ts";

export interface Surroundings6 {
  /** As it is when a query is answered. */
  source(): LeaseSource6;
  subnets(): SubnetIndex6;
  serverDuid(): Uint8Array;
}

export function queryFamily6({ source, subnets, serverDuid }: Surroundings6): QueryFamily<Lease6> {
  return {
    read(bytes, { now }): Asked<Lease6> {
      const message = new Message6(bytes);
      const { type } = message;
      if (type === MessageType6.STARTTLS) {
        const answer = (status: Status6) => writeStatus6(message, serverDuid(), status, MessageType6.REPLY);
        return { kind: "tls", accepted: answer(GO_ON), refused: answer(NO_TLS) };
      }
      if (type !== MessageType6.LEASEQUERY && type !== MessageType6.ACTIVELEASEQUERY) return { kind: "foreign", type };
      const fault = findFault(message, serverDuid());
      if (fault !== undefined) return refuse(fault);
      const answers = new AnswerWriter6(message, serverDuid());
      if (type === MessageType6.ACTIVELEASEQUERY)
        return { kind: "active", since: message.u32(Option6.lqStartTime), answers };
      const found = findAll(message, source(), subnets(), now);
      return "code" in found ? refuse(found) : { kind: "bulk", leases: found, answers };

      function refuse(status: Status6): Asked<Lease6> {
        return { kind: "refused", answer: writeStatus6(message, serverDuid(), status) };
      }
    },
    everything() {
      const { store, pageSize } = source();
      return everyLease6(store, pageSize);
    },
    keyOf: keyOf6,
  };
}

const GO_ON: Status6 = { code: StatusCode6.Success, text: "" };
const NO_TLS: Status6 = { code: StatusCode6.TLSConnectionRefused, text: "There is no TLS here." };

/** RFC 5007 §4.2.1. By TCP there is somebody to be told. */
function findFault(message: Message6, serverDuid: Uint8Array): Status6 | undefined {
  const clientId = unlessBroken(() => message.clientId);
  if (clientId === undefined) return malformed("The query does not say who asks (option 1).");
  const serverId = message.option(Option6.serverId);
  if (serverId === undefined || equalBytes(serverId, serverDuid)) return undefined;
  return { code: StatusCode6.NotAllowed, text: "The query is for another server." };
}

function malformed(text: string): Status6 {
  return { code: StatusCode6.MalformedQuery, text };
}

function findAll(
  message: Message6,
  source: LeaseSource6,
  subnets: SubnetIndex6,
  now: Seconds,
): AsyncIterable<readonly Lease6[]> | Status6 {
  const query = unlessBroken(() => readLeaseQuery6(message));
  if (query === undefined) return malformed("The query does not say what it asks for (option 44).");
  if ("code" in query) return query;
  const { link, selection } = query;
  const links =
    link === UNSPECIFIED
      ? undefined
      : [...subnets.all()].filter(({ prefix, prefixLength }) => isInPrefix(link, prefix, prefixLength));
  if (links?.length === 0) return { code: StatusCode6.NotConfigured, text: "No subnet is on that link." };
  return wanted(findLeases6(source, selection, links), (lease) => isActive(lease, now));
}
