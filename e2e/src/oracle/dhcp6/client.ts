/** The messages of a client (RFC 8415 §18.2), and how relays pass them on (§19.1). */
import { hex, u16, u32 } from "@kotare/testkit/payloads";
import { ipv6Bytes, linkLocal } from "../../wire/ipv6-text.ts";
import type { Option } from "../../wire/message4.ts";
import { decodeOptions6, encodeOptions6, type Message6, MessageType6, type Relay6 } from "../../wire/message6.ts";
import type { Route6 } from "../../wire/probe6.ts";
import { SERVER } from "./lan.ts";

export interface Client {
  readonly mac: string;
  readonly duid: Uint8Array;
}

/** What is sent; `relays` as in a message: the one nearest to the client first. */
export interface Query {
  readonly mac: string;
  readonly type: number;
  readonly xid?: number;
  readonly options: readonly Option[];
  readonly relays?: readonly Relay6[];
}

/** What a message says beyond that which its type demands. */
export interface Extra {
  /** Codes in option 6; `null` leaves it out. */
  readonly oro?: readonly number[] | null;
  readonly options?: readonly Option[];
}

const USUAL_ORO = [17, 23, 24, 31, 82];

/** A client that no other exchange uses; its DUID is of type LL unless another is given. */
export function client(number: number, duid?: Uint8Array): Client {
  const [high, low] = [number >> 8, number & 255].map((byte) => byte.toString(16).padStart(2, "0"));
  const mac = `02:aa:00:00:${high}:${low}`;
  return { mac, duid: duid ?? Uint8Array.of(0, 3, 0, 1, ...hex(mac)) };
}

/** A MAC address whose makers have a number: Kea takes no other from a link-local address. */
export function universal(number: number): string {
  return `00:aa:00:00:00:${number.toString(16).padStart(2, "0")}`;
}

/** An address or a prefix with lifetimes that the client would like. */
export interface Wish {
  readonly lease: string;
  readonly preferred?: number;
  readonly valid?: number;
}

/** IA_NA with what the client names in it. */
export function na(iaid: number, ...wishes: readonly (string | Wish)[]): Option {
  return [3, Buffer.concat([u32(iaid, 0, 0), encodeOptions6(wishes.map(leaseOption))])];
}

/** IA_PD; prefixes as `2001:db8::/56`. */
export function pd(iaid: number, ...wishes: readonly (string | Wish)[]): Option {
  return [25, Buffer.concat([u32(iaid, 0, 0), encodeOptions6(wishes.map(leaseOption))])];
}

function leaseOption(wish: string | Wish): Option {
  const { lease, preferred = 0, valid = 0 }: Wish = typeof wish === "string" ? { lease: wish } : wish;
  const [address = "", length] = lease.split("/");
  if (length === undefined) return [5, Buffer.concat([ipv6Bytes(address), u32(preferred, valid)])];
  return [26, Buffer.concat([u32(preferred, valid), Buffer.of(Number(length)), ipv6Bytes(address)])];
}

/** The associations of an answer as the client sends them back, without what is over and without statuses. */
export function held(answer: Pick<Message6, "options">): Option[] {
  return answer.options
    .filter(([code]) => code === 3 || code === 25)
    .map(([code, value]) => {
      const leases = decodeOptions6(value.subarray(12)).filter(([inner]) => inner === 5 || inner === 26);
      return [code, Buffer.concat([value.subarray(0, 4), u32(0, 0), encodeOptions6(leases)])];
    });
}

const TO_ONE_SERVER: readonly number[] = [
  MessageType6.REQUEST,
  MessageType6.RENEW,
  MessageType6.RELEASE,
  MessageType6.DECLINE,
];

export function query(who: Client, type: number, ias: readonly Option[], extra: Extra = {}): Query {
  const { oro = USUAL_ORO, options = [] } = extra;
  const own: Option[] = [[1, who.duid]];
  if (TO_ONE_SERVER.includes(type)) own.push([2, SERVER.duid]);
  own.push([8, u16(0)]);
  if (oro !== null) own.push([6, u16(...oro)]);
  return { mac: who.mac, type, options: [...own, ...ias, ...options] };
}

export function solicit(who: Client, ias: readonly Option[], extra?: Extra): Query {
  return query(who, MessageType6.SOLICIT, ias, extra);
}

export function request(who: Client, ias: readonly Option[], extra?: Extra): Query {
  return query(who, MessageType6.REQUEST, ias, extra);
}

export function renew(who: Client, ias: readonly Option[], extra?: Extra): Query {
  return query(who, MessageType6.RENEW, ias, extra);
}

export function rebind(who: Client, ias: readonly Option[], extra?: Extra): Query {
  return query(who, MessageType6.REBIND, ias, extra);
}

export function confirm(who: Client, ias: readonly Option[], extra?: Extra): Query {
  return query(who, MessageType6.CONFIRM, ias, extra);
}

export function release(who: Client, ias: readonly Option[], extra: Extra = {}): Query {
  return query(who, MessageType6.RELEASE, ias, { oro: null, ...extra });
}

export function decline(who: Client, ias: readonly Option[], extra: Extra = {}): Query {
  return query(who, MessageType6.DECLINE, ias, { oro: null, ...extra });
}

export function inform(who: Client, extra?: Extra): Query {
  return query(who, MessageType6.INFORMATION_REQUEST, [], extra);
}

/** To the server's own address instead of the multicast group. */
export const UNICAST: Partial<Route6> = { destination: SERVER.address, destinationMac: SERVER.mac };

export interface RelaySpec {
  readonly link: string;
  /** Default: how many relays came before. */
  readonly hops?: number;
  /** Default: the client's address, or the link of the relay before. */
  readonly peer?: string;
  readonly options?: readonly Option[];
}

export const RELAY_MAC = "02:bb:00:00:00:01";

/** What relays make of a client's message, the one nearest to the client first. */
export function relayed(message: Query, ...specs: readonly RelaySpec[]): [Query, Partial<Route6>] {
  const relays = specs.map(({ link, hops, peer, options = [] }, i) => ({
    type: MessageType6.RELAY_FORW,
    hops: hops ?? i,
    link,
    peer: peer ?? specs[i - 1]?.link ?? linkLocal(message.mac),
    options,
  }));
  return [
    { ...message, relays },
    { sourceMac: RELAY_MAC, source: linkLocal(RELAY_MAC), sourcePort: 547 },
  ];
}

/** An address that only this client wants, so that no exchange depends on what those before it were given. */
export function home(number: number): string {
  return `2001:db8::${(0x100 + number).toString(16)}`;
}

export function homePrefix(number: number): string {
  return `2001:db8:8000:${number.toString(16)}00::/56`;
}
