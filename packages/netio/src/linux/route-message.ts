/** IPv6 routes as rtnetlink writes them (rtnetlink(7)). */

import { LITTLE } from "../byte-order.ts";
import { type Address6, readAddress6, writeAddress6 } from "../frames/address6.ts";
import {
  ATTRIBUTE_HEADER,
  encodeMessage,
  NLM_F_ACK,
  NLM_F_CREATE,
  NLM_F_DUMP,
  NLM_F_REPLACE,
  readAttributes,
} from "./netlink-message.ts";

/** By these two a program knows its own routes again. */
export interface RouteMark {
  /** `proto` of `ip route`, 0 to 255. */
  readonly protocol: number;
  readonly metric: number;
}

export interface Prefix6 {
  /** The first one. */
  readonly address: Address6;
  readonly length: number;
}

/** By way of a neighbour. */
export interface Route6 extends Prefix6 {
  readonly gateway: Address6;
  readonly ifindex: number;
}

/** With a gateway the route is made or replaced, without one it is removed. */
export type RouteChange = Route6 | (Prefix6 & { readonly gateway: undefined });

const ROUTE_HEADER = 12;
const ADDRESS_LENGTH = 16;
/** Header, destination, metric, interface and gateway. */
const LONGEST = ROUTE_HEADER + 2 * (ATTRIBUTE_HEADER + ADDRESS_LENGTH) + 2 * (ATTRIBUTE_HEADER + 4);

export const RTM_NEWROUTE = 24;
const RTM_DELROUTE = 25;
const RTM_GETROUTE = 26;
const AF_INET6 = 10;
const RT_TABLE_MAIN = 254;
const RTN_UNICAST = 1;
const RTA_DST = 1;
const RTA_OIF = 4;
const RTA_GATEWAY = 5;
const RTA_PRIORITY = 6;

/** @param acknowledged whether the kernel answers also when nothing is wrong. */
export function encodeRouteChange(
  change: RouteChange,
  { protocol, metric }: RouteMark,
  sequence: number,
  acknowledged: boolean,
): Uint8Array {
  const body = new Uint8Array(LONGEST);
  const view = new DataView(body.buffer);
  body.set([AF_INET6, change.length, 0, 0, RT_TABLE_MAIN, protocol, 0, RTN_UNICAST]);
  let at = ROUTE_HEADER;
  const open = (type: number, length: number) => {
    view.setUint16(at, ATTRIBUTE_HEADER + length, LITTLE);
    view.setUint16(at + 2, type, LITTLE);
    at += ATTRIBUTE_HEADER + length;
    return at - length;
  };
  writeAddress6(change.address, body, open(RTA_DST, ADDRESS_LENGTH));
  view.setUint32(open(RTA_PRIORITY, 4), metric, LITTLE);
  if (change.gateway !== undefined) {
    writeAddress6(change.gateway, body, open(RTA_GATEWAY, ADDRESS_LENGTH));
    view.setUint32(open(RTA_OIF, 4), change.ifindex, LITTLE);
  }
  const [type, flags] = change.gateway === undefined ? [RTM_DELROUTE, 0] : [RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE];
  return encodeMessage({ type, flags: flags | (acknowledged ? NLM_F_ACK : 0), sequence }, body.subarray(0, at));
}

export function encodeRouteDump(sequence: number): Uint8Array {
  const body = new Uint8Array(ROUTE_HEADER);
  body[0] = AF_INET6;
  return encodeMessage({ type: RTM_GETROUTE, flags: NLM_F_DUMP, sequence }, body);
}

/** The route in the body of an `RTM_NEWROUTE`; `undefined` for one that does not have the mark. */
export function decodeRoute(body: DataView, { protocol, metric }: RouteMark): Route6 | undefined {
  if (body.byteLength < ROUTE_HEADER || body.getUint8(0) !== AF_INET6) return undefined;
  if (body.getUint8(4) !== RT_TABLE_MAIN || body.getUint8(5) !== protocol) return undefined;
  const attributes = readAttributes(body, ROUTE_HEADER);
  if (attributes.get(RTA_PRIORITY)?.getUint32(0, LITTLE) !== metric) return undefined;
  return {
    address: addressOf(attributes.get(RTA_DST)),
    length: body.getUint8(1),
    gateway: addressOf(attributes.get(RTA_GATEWAY)),
    ifindex: attributes.get(RTA_OIF)?.getUint32(0, LITTLE) ?? 0,
  };
}

/** What is left out is `::`. */
function addressOf(value: DataView | undefined): Address6 {
  const bytes = new Uint8Array(ADDRESS_LENGTH);
  if (value?.byteLength === ADDRESS_LENGTH) bytes.set(new Uint8Array(value.buffer, value.byteOffset, ADDRESS_LENGTH));
  return readAddress6(bytes, 0);
}
