/** What Kea's forensic log says of a packet of DHCPv6, lease by lease. */
import type { Exchange, Lease, Query } from "@kotare/extension";
import type { Message6 } from "../../dhcp6/message6.ts";
import { Option6 } from "../../dhcp6/option6.ts";
import type { Subject6 } from "../../expressions/expressions6.ts";
import { formatIpv6Key } from "../../ip/ipv6-key.ts";
import { HwaddrSource } from "../../leases/model/lease6.ts";
import type { ShownQuery } from "../parameter-tools.ts";
import { type Fate, fatesOf, showBytes, showContext, showDuration } from "./entry-parts.ts";

/** As Kea: an address that is declined is assigned, to nobody. */
export const fates6 = (exchange: Pick<Exchange, "changes">) => fatesOf(exchange, (lease) => ({ lease, isOver: false }));

export function entry6({ lease, isOver }: Fate, query: Query): string {
  const { message } = (query as ShownQuery<Subject6>).subject;
  const { "ip-address": address, "prefix-len": length } = lease;
  const where = lease.type === "IA_PD" ? `Prefix: ${address}/${length}` : `Address: ${address}`;
  const what = isOver ? "released from" : `assigned for ${showDuration(lease["valid-lft"])} to`;
  const context = showContext(lease["user-context"]);
  return `${where} has been ${what} a device with DUID: ${lease.duid}${showMac(lease)}${showRelay(message)}${context}`;
}

const SOURCES: Readonly<Record<number, string>> = {
  [HwaddrSource.raw]: "Raw Socket",
  [HwaddrSource.duid]: "DUID",
  [HwaddrSource.linkLocal]: "IPv6 Link Local",
  [HwaddrSource.clientLinkAddr]: "Client Address Relay Option",
  [HwaddrSource.remoteId]: "Remote ID",
  [HwaddrSource.subscriberId]: "Subscriber ID",
  [HwaddrSource.cmts]: "DOCSIS CMTS",
  [HwaddrSource.docsisModem]: "DOCSIS MODEM",
};

function showMac({ "hw-address": mac, hwtype, "hwaddr-source": source }: Lease): string {
  if (mac === undefined) return "";
  const from = SOURCES[source ?? HwaddrSource.unknown];
  return ` and hardware address: hwtype=${hwtype} ${mac}${from === undefined ? "" : ` (from ${from})`}`;
}

/** The relay next to us, with what any of them says of the client's place, the one next to the client first. */
function showRelay({ relays }: Message6): string {
  const nearest = relays[0];
  if (nearest === undefined) return "";
  const find = (code: number) => relays.findLast((relay) => relay.hasOption(code))?.option(code);
  const names = [
    ["remote-id", find(Option6.remoteId)] as const,
    ["subscriber-id", find(Option6.subscriberId)] as const,
  ].flatMap(([name, bytes]) => (bytes === undefined ? [] : [`${name}: ${showBytes(bytes)}`]));
  const interfaceId = find(Option6.interfaceId);
  const { peerAddress, linkAddress, hopCount } = nearest;
  return [
    ` connected via relay at address: ${formatIpv6Key(peerAddress)} for client on link address: ${formatIpv6Key(linkAddress)}`,
    `, hop count: ${hopCount}`,
    names.length === 0 ? "" : `, identified by ${names.join(" and ")}`,
    interfaceId === undefined ? "" : `, connected at location interface-id: ${showBytes(interfaceId)}`,
  ].join("");
}
