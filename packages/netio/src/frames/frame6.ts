/** Ethernet, IPv6 and UDP headers: taken off received frames that may lie, and put before payloads to send. */

import { readU16, writeU16, writeU32 } from "../big-endian.ts";
import { type Address6, writeAddress6 } from "./address6.ts";
import type { FrameKind } from "./frame4.ts";
import { foldSum, sum16 } from "./internet-checksum.ts";
import { PROTOCOL_UDP, UDP_HEADER, writeUdpHeader } from "./udp-header.ts";

/** RFC 8200 §3. */
const ETHERNET_HEADER = 14;
const IPV6_HEADER = 40;
const VERSION = 0x6000_0000;
const HOP_LIMIT = 64;

export const ETHERTYPE_IPV6 = 0x86dd;

/** RFC 8200 §5: every link carries so much. What is longer may have to go in fragments, which the kernel makes. */
export const LEAST_MTU = 1280;

/** IPv6 and UDP headers, without extension headers. */
export const IPV6_UDP_HEADERS = IPV6_HEADER + UDP_HEADER;

/** What `decodeFrame6` fills in; the payload is `buffer[offset, offset + length)`. */
export interface FrameFields6 {
  offset: number;
  length: number;
  sourceOffset: number;
  sourcePort: number;
  destinationOffset: number;
  macOffset: number;
}

/**
 * Finds the UDP payload of the Ethernet frame `buffer[start, start + size)`, and fills `fields` when it is a `datagram`. No
 * length field is believed before it fits inside the one around it; bytes after the IP packet are padding. UDP must follow
 * the IPv6 header at once: the ring's filter lets nothing else in, and the kernel's UDP sockets take the rest.
 * @param verifyUdp false where the kernel has verified the UDP checksum or not computed it yet.
 */
export function decodeFrame6(
  buffer: Uint8Array,
  start: number,
  size: number,
  verifyUdp: boolean,
  fields: FrameFields6,
): FrameKind {
  const ip = start + ETHERNET_HEADER;
  const udp = ip + IPV6_HEADER;
  if (udp + UDP_HEADER > start + size) return "bad";
  if (readU16(buffer, ip - 2) !== ETHERTYPE_IPV6) return "bad";
  if ((buffer[ip] as number) >> 4 !== 6 || buffer[ip + 6] !== PROTOCOL_UDP) return "bad";
  const payloadLength = readU16(buffer, ip + 4);
  if (udp + payloadLength > start + size) return "bad";
  const udpLength = readU16(buffer, udp + 4);
  if (udpLength < UDP_HEADER || udpLength > payloadLength) return "bad";
  if (verifyUdp) {
    // In IPv6 there is no datagram without a checksum (RFC 8200 §8.1).
    if (readU16(buffer, udp + 6) === 0) return "bad";
    const pseudoHeader = sum16(buffer, ip + 8, 32) + PROTOCOL_UDP + udpLength;
    if (foldSum(pseudoHeader + sum16(buffer, udp, udpLength)) !== 0xffff) return "bad";
  }
  fields.offset = udp + UDP_HEADER;
  fields.length = udpLength - UDP_HEADER;
  fields.sourceOffset = ip + 8;
  fields.destinationOffset = ip + 24;
  fields.sourcePort = readU16(buffer, udp);
  fields.macOffset = start + 6;
  return "datagram";
}

/** Writes IPv6 and UDP headers into the `IPV6_UDP_HEADERS` bytes before the payload at `offset`. */
export function writeHeaders6(
  buffer: Uint8Array,
  offset: number,
  length: number,
  source: Address6,
  sourcePort: number,
  destination: Address6,
  destinationPort: number,
): void {
  const ip = offset - IPV6_UDP_HEADERS;
  writeU32(buffer, ip, VERSION);
  writeU16(buffer, ip + 4, UDP_HEADER + length);
  buffer[ip + 6] = PROTOCOL_UDP;
  buffer[ip + 7] = HOP_LIMIT;
  writeAddress6(source, buffer, ip + 8);
  writeAddress6(destination, buffer, ip + 24);
  writeUdpHeader(buffer, offset, length, sourcePort, destinationPort, sum16(buffer, ip + 8, 32));
}
