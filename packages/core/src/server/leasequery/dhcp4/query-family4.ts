/** What a message by TCP asks of the DHCPv4 server (RFC 6926 §8.2, RFC 7724 §8). */
import { readU32 } from "../../../base/big-endian.ts";
import type { Seconds } from "../../../base/clock.ts";
import { DecodeError } from "../../../base/decode-error.ts";
import { MessageType4 } from "../../../dhcp4/message-type4.ts";
import { Field4, Message4, Option4 } from "../../../dhcp4/message4.ts";
import { decodeSubOptions4 } from "../../../dhcp4/options/sub-options4.ts";
import { type Ipv4, parseIpv4 } from "../../../ip/ipv4.ts";
import type { Lease4 } from "../../../leases/model/lease4.ts";
import type { SubnetIndex4 } from "../../../subnets/select/subnet-index4.ts";
import type { Subnet4 } from "../../../subnets/subnet4.ts";
import { changeTimeOf, isActive } from "../active-leases.ts";
import { wanted } from "../look.ts";
import type { Asked, QueryFamily } from "../queries.ts";
import { AnswerWriter4, QueryStatus4, writeStatus4 } from "./answer-writer4.ts";
import { everyLease4, findLeases4, type LeaseSource4, type Selection4 } from "./find-leases4.ts";

/** Sub-options of option 82 that mean something in a query. */
const Agent = { remoteId: 2, linkSelection: 5, relayId: 12, vpn: 151 } as const;
/** RFC 6607 §3.5: option 221 of who means the one VPN that we have, or all. */
const OUR_VPNS: ReadonlySet<number> = new Set([254, 255]);

/** The query cannot be answered with leases. */
class QueryRefusal extends Error {
  readonly status: QueryStatus4;

  constructor(status: QueryStatus4) {
    super();
    this.status = status;
  }
}

/** @param source as it is when a query is answered */
export function queryFamily4(source: () => LeaseSource4, subnets: () => SubnetIndex4): QueryFamily<Lease4> {
  return {
    read(bytes, { localAddress, now }): Asked<Lease4> {
      const message = new Message4(bytes);
      const { type, xid } = message;
      const serverId: Ipv4 = parseIpv4(localAddress) ?? 0;
      if (type === MessageType4.DHCPTLS) {
        return {
          kind: "tls",
          accepted: writeStatus4(type, xid, serverId),
          refused: writeStatus4(type, xid, serverId, QueryStatus4.tlsConnectionRefused),
        };
      }
      const isActiveQuery = type === MessageType4.DHCPACTIVELEASEQUERY;
      if (!isActiveQuery && type !== MessageType4.DHCPBULKLEASEQUERY) return { kind: "foreign", type };
      try {
        const answers = new AnswerWriter4(message, serverId, { subnets, withheld: source().withheld });
        if (isActiveQuery) {
          checkActiveQuery(message);
          return { kind: "active", since: timeOf(message, Option4.queryStartTime), isWanted: () => true, answers };
        }
        return { kind: "bulk", leases: findAll(message, source(), subnets(), now), answers };
      } catch (error) {
        const isRefusal = error instanceof QueryRefusal;
        if (!isRefusal && !(error instanceof DecodeError)) throw error;
        const status = isRefusal ? error.status : QueryStatus4.malformedQuery;
        const { DHCPLEASEQUERYSTATUS, DHCPLEASEQUERYDONE } = MessageType4;
        const answer = writeStatus4(isActiveQuery ? DHCPLEASEQUERYSTATUS : DHCPLEASEQUERYDONE, xid, serverId, status);
        return { kind: "refused", answer, isLast: isActiveQuery };
      }
    },
    everything() {
      const { store, pageSize } = source();
      return everyLease4(store, pageSize);
    },
    keyOf: ({ address }) => address,
  };
}

function findAll(
  message: Message4,
  source: LeaseSource4,
  subnets: SubnetIndex4,
  now: Seconds,
): AsyncIterable<readonly Lease4[]> {
  checkFields(message);
  const since = timeOf(message, Option4.queryStartTime);
  const [start = 0, end = Number.POSITIVE_INFINITY] = [since, timeOf(message, Option4.queryEndTime)];
  // §6.2.4: what was never leased has not changed at any time.
  const selection = readSelection(message) ?? { by: "all", hasUnleased: since === undefined };
  const links = readLinks(message, subnets);
  if (start > end) throw new QueryRefusal(QueryStatus4.malformedQuery);
  if (isOfOtherVpn(message)) return NOTHING;
  // §6.2.4, §6.2.5: that have changed then. What is over has changed when its time was over.
  const isInTime = (lease: Lease4) => {
    const time = changeTimeOf(lease, now);
    return time >= start && time <= end;
  };
  // §8.2: of a client or a relay the active ones; of all that is known, all.
  const isWanted = selection.by === "all" ? isInTime : (lease: Lease4) => isActive(lease, now) && isInTime(lease);
  return wanted(findLeases4(source, selection, links), isWanted);
}

const NOTHING: AsyncIterable<readonly Lease4[]> = (async function* () {})();

/** §6.1: "ciaddr, yiaddr, siaddr MUST be 0". */
function checkFields({ bytes }: Message4): void {
  for (const at of [Field4.ciaddr, Field4.yiaddr, Field4.siaddr]) {
    if (readU32(bytes, at) !== 0) throw new QueryRefusal(QueryStatus4.malformedQuery);
  }
}

/** RFC 7724 §7.3, §8.2: it is about all leases, and has no end. */
function checkActiveQuery(message: Message4): void {
  checkFields(message);
  const isAboutClient = message.chaddr.length > 0 || message.option(Option4.clientIdentifier) !== undefined;
  if (isAboutClient || message.option(Option4.queryEndTime) !== undefined) {
    throw new QueryRefusal(QueryStatus4.malformedQuery);
  }
}

/** §8.2: one at most. @returns `undefined` for all that is configured */
function readSelection(message: Message4): Selection4 | undefined {
  const { chaddr } = message;
  const found: Selection4[] = [];
  const clientId = message.option(Option4.clientIdentifier);
  const relayId = agentOption(message, Agent.relayId);
  const remoteId = agentOption(message, Agent.remoteId);
  if (chaddr.length > 0) found.push({ by: "hwaddr", hwaddr: chaddr });
  if (clientId !== undefined) found.push({ by: "client", clientId });
  if (relayId !== undefined) found.push({ by: "relay-id", id: relayId });
  if (remoteId !== undefined) found.push({ by: "remote-id", id: remoteId });
  if (found.length > 1) throw new QueryRefusal(QueryStatus4.notAllowed);
  const isEmpty = [clientId, relayId, remoteId].some((id) => id?.length === 0);
  if (isEmpty) throw new QueryRefusal(QueryStatus4.malformedQuery);
  return found[0];
}

/** Where option 82 selects a link (RFC 3527), or option 118 a subnet (RFC 3011), only what is there is told. */
function readLinks(message: Message4, subnets: SubnetIndex4): readonly Subnet4[] | undefined {
  const link = agentOption(message, Agent.linkSelection) ?? message.option(Option4.subnetSelection);
  if (link === undefined) return undefined;
  if (link.length !== 4) throw new QueryRefusal(QueryStatus4.malformedQuery);
  const subnet = subnets.byAddress(readU32(link, 0));
  return subnet === undefined ? [] : (subnet.network?.subnets ?? [subnet]);
}

function isOfOtherVpn(message: Message4): boolean {
  const vpn = message.option(Option4.vpn) ?? agentOption(message, Agent.vpn);
  return vpn !== undefined && !OUR_VPNS.has(vpn[0] ?? 0);
}

/** Seconds since 1970. */
function timeOf(message: Message4, code: number): Seconds | undefined {
  const payload = message.option(code);
  if (payload === undefined) return undefined;
  if (payload.length !== 4) throw new QueryRefusal(QueryStatus4.malformedQuery);
  return readU32(payload, 0);
}

/** A sub-option of option 82. @throws DecodeError when their lengths do not add up */
function agentOption(message: Message4, code: number): Uint8Array | undefined {
  const agent = message.option(Option4.relayAgentInformation);
  return agent && decodeSubOptions4(agent, "option 82", 0).find((option) => option.code === code)?.data;
}
