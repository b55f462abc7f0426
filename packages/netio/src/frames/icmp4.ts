/** ICMP's echo over IPv4 (RFC 792), and what says that it came nowhere. */

import { readU16, readU32, writeU16 } from "../big-endian.ts";
import { foldSum, sum16 } from "./internet-checksum.ts";

export const ECHO = 8;
const ECHO_REPLY = 0;
const UNREACHABLE = 3;
const HEADER = 8;

/** @param id tells our requests from those of others; 16 bits, as `sequence` */
export function writeEchoRequest(buffer: Uint8Array, at: number, id: number, sequence: number): number {
  buffer.fill(0, at, at + HEADER);
  buffer[at] = ECHO;
  writeU16(buffer, at + 4, id);
  writeU16(buffer, at + 6, sequence);
  writeU16(buffer, at + 2, ~foldSum(sum16(buffer, at, HEADER)) & 0xffff);
  return HEADER;
}

export interface Echoed {
  /** Somebody answers there, or nobody can. */
  readonly kind: "reply" | "unreachable";
  readonly address: number;
  /** Of the request. */
  readonly id: number;
}

/** @param packet with its IP header, as the kernel gives it @returns `undefined` for anything else */
export function readEchoed(packet: Uint8Array): Echoed | undefined {
  const at = payloadOf(packet, 0);
  if (at === undefined || packet.length < at + HEADER) return undefined;
  if (packet[at] === ECHO_REPLY) return { kind: "reply", address: readU32(packet, 12), id: readU16(packet, at + 4) };
  if (packet[at] !== UNREACHABLE) return undefined;
  // What follows is the beginning of the request.
  const inner = at + HEADER;
  const request = payloadOf(packet, inner);
  if (request === undefined || packet.length < request + HEADER || packet[request] !== ECHO) return undefined;
  return { kind: "unreachable", address: readU32(packet, inner + 16), id: readU16(packet, request + 4) };
}

const IP_HEADER = 20;
const ICMP = 1;

/** @param at where the IP header is @returns where its payload is, if that is ICMP */
function payloadOf(packet: Uint8Array, at: number): number | undefined {
  if (packet.length < at + IP_HEADER || packet[at + 9] !== ICMP) return undefined;
  return at + (packet[at]! & 15) * 4;
}
