/** What Kea's forensic log says of a packet of DHCPv4, lease by lease. */
import type { Exchange, Lease, Query } from "@kotare/extension";
import { type Message4, Option4 } from "../../dhcp4/message4.ts";
import { decodeRelayAgent } from "../../dhcp4/options/relay-agent.ts";
import type { Subject4 } from "../../expressions/expressions4.ts";
import { formatIpv4 } from "../../ip/ipv4.ts";
import type { ShownQuery } from "../parameter-tools.ts";
import { type Fate, fatesOf, showBytes, showContext, showDuration } from "./entry-parts.ts";

/** As Kea: a lease that is declined is given back. */
export const fates4 = (exchange: Pick<Exchange, "changes">) =>
  fatesOf(exchange, (_, before) => ({ lease: before, isOver: true }));

export function entry4({ lease, isOver }: Fate, query: Query): string {
  const { message } = (query as ShownQuery<Subject4>).subject;
  const what = isOver ? "released from" : `assigned for ${showDuration(lease["valid-lft"])} to`;
  const mac = `hwtype=${message.htype} ${lease["hw-address"]}`;
  const client = showClient(lease);
  const context = showContext(lease["user-context"]);
  return `Address: ${lease["ip-address"]} has been ${what} a device with hardware address: ${mac}${client}${showRelay(message)}${context}`;
}

function showClient({ "client-id": id }: Lease): string {
  return id === undefined ? "" : `, client-id: ${showBytes(Buffer.from(id.replaceAll(":", ""), "hex"))}`;
}

function showRelay(message: Message4): string {
  if (message.giaddr === 0) return "";
  const payload = message.option(Option4.relayAgentInformation);
  const agent = payload === undefined ? undefined : decodeRelayAgent(payload);
  const names = [
    ["circuit-id", agent?.circuitId] as const,
    ["remote-id", agent?.remoteId] as const,
    ["subscriber-id", agent?.subscriberId] as const,
  ].flatMap(([name, bytes]) => (bytes === undefined || bytes.length === 0 ? [] : [`${name}: ${showBytes(bytes)}`]));
  const identified = names.length === 0 ? "" : `, identified by ${names.join(" and ")}`;
  return ` connected via relay at address: ${formatIpv4(message.giaddr)}${identified}`;
}
