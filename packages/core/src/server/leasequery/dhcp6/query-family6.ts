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
import { AnswerWriter6, EPOCH6, writeStatus6 } from "./answer-writer6.ts";
import { everyLease6, findLeases6, isAbout6, keyOf6, type LeaseSource6 } from "./find-leases6.ts";
import { type LeaseQuery6, readLeaseQuery6 } from "./lease-query6.ts";

type Following6 = Omit<Asked<Lease6> & { kind: "active" }, "answers">;
type Found6 = Omit<Asked<Lease6> & { kind: "bulk" }, "answers">;

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
        const answer = (status?: Status6) => writeStatus6(message, serverDuid(), status, MessageType6.REPLY);
        return { kind: "tls", accepted: answer(), refused: answer(NO_TLS) };
      }
      if (type !== MessageType6.LEASEQUERY && type !== MessageType6.ACTIVELEASEQUERY) return { kind: "foreign", type };
      const isActiveQuery = type === MessageType6.ACTIVELEASEQUERY;
      const fault = findFault(message, serverDuid());
      if (fault !== undefined) return refuse(fault);
      const asked = unlessBroken(() => readAsked(message));
      if (asked === undefined) return refuse(malformed("An option of the query is broken."));
      const answers = new AnswerWriter6(message, serverDuid(), {
        hasTime: asked.wantsTime,
        withheld: source().withheld,
      });
      const found = isActiveQuery ? follow(asked, subnets) : findAll(asked, source(), subnets(), now);
      return "code" in found ? refuse(found) : { ...found, answers };

      function refuse(status: Status6): Asked<Lease6> {
        return { kind: "refused", answer: writeStatus6(message, serverDuid(), status), isLast: isActiveQuery };
      }
    },
    everything() {
      const { store, pageSize } = source();
      return everyLease6(store, pageSize);
    },
    keyOf: keyOf6,
  };
}

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

interface Asked6 {
  /** What option 44 says; a status where that is nothing to look for. */
  readonly query: LeaseQuery6 | Status6 | undefined;
  readonly start: Seconds | undefined;
  readonly end: Seconds | undefined;
  readonly wantsTime: boolean;
}

/** @throws {DecodeError} */
function readAsked(message: Message6): Asked6 {
  const timeOf = (code: number) => {
    const time = message.u32(code);
    return time === undefined ? undefined : time + EPOCH6;
  };
  const query = readLeaseQuery6(message);
  const wishes = [...message.codes(Option6.oro), ...(query !== undefined && "wishes" in query ? query.wishes : [])];
  return {
    query,
    start: timeOf(Option6.lqStartTime),
    end: timeOf(Option6.lqEndTime),
    wantsTime: wishes.includes(Option6.lqBaseTime),
  };
}

/** RFC 7653 §6.2.1, §9.3: changes of all leases, or of those that option 44 is about; they have no end. */
function follow({ query, start, end }: Asked6, subnets: () => SubnetIndex6): Following6 | Status6 {
  if (end !== undefined) return malformed("Changes that are to come have no end (option 102).");
  if (query === undefined) return { kind: "active", since: start, isWanted: () => true };
  if ("code" in query) return query;
  return { kind: "active", since: start, isWanted: (lease) => isAbout6(query, lease, subnets()) };
}

function findAll(
  { query, start = 0, end = Number.POSITIVE_INFINITY }: Asked6,
  source: LeaseSource6,
  subnets: SubnetIndex6,
  now: Seconds,
): Found6 | Status6 {
  if (query === undefined) return malformed("The query does not say what it asks for (option 44).");
  if ("code" in query) return query;
  const { link, selection } = query;
  const links =
    link === UNSPECIFIED
      ? undefined
      : [...subnets.all()].filter(({ prefix, prefixLength }) => isInPrefix(link, prefix, prefixLength));
  if (links?.length === 0) return { code: StatusCode6.NotConfigured, text: "No subnet is on that link." };
  // RFC 7653 §6.3.2, §6.3.3: that have changed then.
  const isWanted = (lease: Lease6) => isActive(lease, now) && lease.cltt >= start && lease.cltt <= end;
  return { kind: "bulk", leases: wanted(findLeases6(source, selection, links), isWanted) };
}
