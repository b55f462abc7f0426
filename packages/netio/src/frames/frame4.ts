/** Ethernet, IPv4 and UDP headers: taken off received frames that may lie, and put around payloads to send. */

import { readU16, readU32, writeU16, writeU32 } from "../big-endian.ts";
import { foldSum, sum16 } from "./internet-checksum.ts";
import { PROTOCOL_UDP, UDP_HEADER, writeUdpHeader } from "./udp-header.ts";

/** RFC 791. */
const ETHERNET_HEADER = 14;
const IPV4_HEADER = 20;
const VLAN_TAG = 4;

export const ETHERTYPE_IPV4 = 0x0800;
const ETHERTYPE_VLAN = 0x8100;
const ETHERTYPE_SERVICE_VLAN = 0x88a8;
const MORE_FRAGMENTS_OR_OFFSET = 0x3fff;
const DO_NOT_FRAGMENT = 0x40;
const TIME_TO_LIVE = 64;

/** IPv4 and UDP headers, without options. */
export const IP_UDP_HEADERS = IPV4_HEADER + UDP_HEADER;

/** What `decodeFrame4` fills in; the payload is `buffer[offset, offset + length)`. */
export interface FrameFields4 {
  offset: number;
  length: number;
  source: number;
  sourcePort: number;
  destination: number;
  macOffset: number;
}

/** Anything but `datagram` is a reason to drop the frame, and all but `stranger` (not sent to us) are counted. */
export type FrameKind = "datagram" | "fragment" | "bad" | "otherVlan" | "stranger";

/**
 * Finds the UDP payload of the Ethernet frame `buffer[start, start + size)`, and fills `fields` when it is a `datagram`. No
 * length field is believed before it fits inside the one around it; bytes after the IP packet are padding.
 * @param verifyUdp false where the kernel has verified the UDP checksum or not computed it yet.
 */
export function decodeFrame4(
  buffer: Uint8Array,
  start: number,
  size: number,
  verifyUdp: boolean,
  fields: FrameFields4,
): FrameKind {
  const end = start + size;
  let ip = start + ETHERNET_HEADER;
  if (ip + IPV4_HEADER > end) return "bad";
  let ethertype = readU16(buffer, ip - 2);
  if (ethertype === ETHERTYPE_VLAN || ethertype === ETHERTYPE_SERVICE_VLAN) {
    // Id 0 is a priority tag: the frame belongs to the interface itself (802.1Q, 9.6).
    if ((readU16(buffer, ip) & 0xfff) !== 0) return "otherVlan";
    ethertype = readU16(buffer, ip + 2);
    ip += VLAN_TAG;
  }
  if (ethertype !== ETHERTYPE_IPV4) return "bad";

  const first = buffer[ip] as number;
  const headerLength = (first & 0xf) * 4;
  const totalLength = readU16(buffer, ip + 2);
  if (first >> 4 !== 4 || headerLength < IPV4_HEADER) return "bad";
  if (ip + totalLength > end) return "bad";
  if (foldSum(sum16(buffer, ip, headerLength)) !== 0xffff) return "bad";
  if ((readU16(buffer, ip + 6) & MORE_FRAGMENTS_OR_OFFSET) !== 0) return "fragment";
  if (buffer[ip + 9] !== PROTOCOL_UDP) return "bad";

  const udp = ip + headerLength;
  const udpLength = readU16(buffer, udp + 4);
  // This finds too small a total length as well: then the header and 8 bytes do not fit into it.
  if (udpLength < UDP_HEADER || headerLength + udpLength > totalLength) return "bad";
  // A checksum of 0 means that the sender computed none.
  if (verifyUdp && readU16(buffer, udp + 6) !== 0) {
    const pseudoHeader = sum16(buffer, ip + 12, 8) + PROTOCOL_UDP + udpLength;
    if (foldSum(pseudoHeader + sum16(buffer, udp, udpLength)) !== 0xffff) return "bad";
  }

  fields.offset = udp + UDP_HEADER;
  fields.length = udpLength - UDP_HEADER;
  fields.source = readU32(buffer, ip + 12);
  fields.destination = readU32(buffer, ip + 16);
  fields.sourcePort = readU16(buffer, udp);
  fields.macOffset = start + 6;
  return "datagram";
}

/** Writes IPv4 and UDP headers with their checksums into the `IP_UDP_HEADERS` bytes before the payload at `offset`. */
export function writeHeaders4(
  buffer: Uint8Array,
  offset: number,
  length: number,
  source: number,
  sourcePort: number,
  destination: number,
  destinationPort: number,
): void {
  const ip = offset - IP_UDP_HEADERS;
  buffer[ip] = 0x45;
  buffer[ip + 1] = 0;
  writeU16(buffer, ip + 2, IP_UDP_HEADERS + length);
  // The identification may be 0 in what is never fragmented (RFC 6864, 4.1).
  writeU16(buffer, ip + 4, 0);
  buffer[ip + 6] = DO_NOT_FRAGMENT;
  buffer[ip + 7] = 0;
  buffer[ip + 8] = TIME_TO_LIVE;
  buffer[ip + 9] = PROTOCOL_UDP;
  writeU16(buffer, ip + 10, 0);
  writeU32(buffer, ip + 12, source);
  writeU32(buffer, ip + 16, destination);
  writeU16(buffer, ip + 10, ~foldSum(sum16(buffer, ip, IPV4_HEADER)));
  writeUdpHeader(buffer, offset, length, sourcePort, destinationPort, sum16(buffer, ip + 12, 8));
}
