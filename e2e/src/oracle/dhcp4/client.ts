/** The messages a client sends in each state of RFC 2131 §4.4, and how a relay passes them on (RFC 3046). */
import { hex, ip } from "@kotare/testkit/payloads";
import { type Message4, MessageType4, type Option, optionOf } from "../../wire/message4.ts";
import type { Query4, Route4 } from "../../wire/probe4.ts";
import { SERVER } from "./lan.ts";

export interface Client {
  readonly mac: string;
  /** Value of option 61, its type byte included. */
  readonly clientId?: Uint8Array;
}

/** Header fields and options beyond what the state demands; `null` in `prl` leaves option 55 out. */
export interface Extra extends Omit<Partial<Query4>, "mac" | "options"> {
  readonly prl?: readonly number[] | null;
  readonly options?: readonly Option[];
}

const USUAL_PRL = [1, 3, 6, 15, 42, 51, 54, 58, 59];

/** A client that no other exchange uses. */
export function client(number: number, clientId?: Uint8Array): Client {
  const mac = `02:aa:00:00:${formatByte(number >> 8)}:${formatByte(number)}`;
  return clientId === undefined ? { mac } : { mac, clientId };
}

/** The number that `client` was given. */
export function numberOf(who: Client): number {
  const bytes = hex(who.mac);
  return (bytes[4]! << 8) | bytes[5]!;
}

function formatByte(value: number): string {
  return (value & 255).toString(16).padStart(2, "0");
}

/** A client identifier as RFC 2132 §9.14 suggests: hardware type and address. */
export function macClientId(mac: string): Uint8Array {
  return Uint8Array.of(1, ...hex(mac));
}

export function query(who: Client, type: MessageType4, own: readonly Option[], extra: Extra = {}): Query4 {
  const { prl = USUAL_PRL, options = [], ...header } = extra;
  const all: Option[] = [[53, Uint8Array.of(type)], ...own];
  if (who.clientId !== undefined) all.push([61, who.clientId]);
  if (prl !== null && type !== MessageType4.DECLINE && type !== MessageType4.RELEASE)
    all.push([55, Uint8Array.from(prl)]);
  return { mac: who.mac, ...header, options: [...all, ...options] };
}

export function discover(who: Client, extra?: Extra): Query4 {
  return query(who, MessageType4.DISCOVER, [], extra);
}

export function selecting(who: Client, offer: Pick<Message4, "yiaddr" | "options">, extra?: Extra): Query4 {
  const own: Option[] = [
    [50, ip(offer.yiaddr)],
    [54, optionOf(offer, 54) ?? ip(SERVER.address)],
  ];
  return query(who, MessageType4.REQUEST, own, extra);
}

export function initReboot(who: Client, address: string, extra?: Extra): Query4 {
  return query(who, MessageType4.REQUEST, [[50, ip(address)]], extra);
}

/** RENEWING and REBINDING say the same; only the route differs (`unicast`). */
export function extend(who: Client, address: string, extra?: Extra): Query4 {
  return query(who, MessageType4.REQUEST, [], { ciaddr: address, ...extra });
}

export function decline(who: Client, address: string, extra?: Extra): Query4 {
  const own: Option[] = [
    [50, ip(address)],
    [54, ip(SERVER.address)],
  ];
  return query(who, MessageType4.DECLINE, own, extra);
}

export function release(who: Client, address: string, extra?: Extra): Query4 {
  return query(who, MessageType4.RELEASE, [[54, ip(SERVER.address)]], { ciaddr: address, ...extra });
}

export function inform(who: Client, address: string, extra?: Extra): Query4 {
  return query(who, MessageType4.INFORM, [], { ciaddr: address, ...extra });
}

/** The route of a client that has an address and speaks to the server alone. */
export function unicast(address: string): Route4 {
  return { source: address, destination: SERVER.address, destinationMac: SERVER.mac, sourcePort: 68 };
}

export interface Relay4 {
  readonly giaddr: string;
  /** Sub-options of option 82: code → value. */
  readonly agent?: readonly Option[];
  /** Where the relay sends from, when that is not `giaddr`. */
  readonly source?: string;
  readonly port?: number;
}

const RELAY_MAC = "02:bb:00:00:00:01";

/** What a relay makes of a client's message. */
export function relayed(message: Query4, relay: Relay4): [Query4, Route4] {
  const agent = relay.agent?.flatMap(([code, value]) => [code, value.length, ...value]);
  const options: Option[] = agent === undefined ? [] : [[82, Uint8Array.from(agent)]];
  return [
    { ...message, giaddr: relay.giaddr, hops: (message.hops ?? 0) + 1, options: [...message.options, ...options] },
    {
      sourceMac: RELAY_MAC,
      destinationMac: SERVER.mac,
      source: relay.source ?? relay.giaddr,
      destination: SERVER.address,
      sourcePort: relay.port ?? 67,
    },
  ];
}
