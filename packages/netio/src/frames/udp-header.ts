/** The UDP header (RFC 768) of packets that we put together ourselves, over IPv4 and IPv6 alike. */

import { writeU16 } from "../big-endian.ts";
import { foldSum, sum16 } from "./internet-checksum.ts";

export const UDP_HEADER = 8;
export const PROTOCOL_UDP = 17;

/**
 * Writes the header before the payload at `offset`.
 * @param addresses the sum of both addresses' words, for the checksum.
 */
export function writeUdpHeader(
  buffer: Uint8Array,
  offset: number,
  length: number,
  sourcePort: number,
  destinationPort: number,
  addresses: number,
): void {
  const udp = offset - UDP_HEADER;
  const udpLength = UDP_HEADER + length;
  writeU16(buffer, udp, sourcePort);
  writeU16(buffer, udp + 2, destinationPort);
  writeU16(buffer, udp + 4, udpLength);
  writeU16(buffer, udp + 6, 0);
  const pseudoHeader = addresses + PROTOCOL_UDP + udpLength;
  const checksum = ~foldSum(pseudoHeader + sum16(buffer, udp, udpLength)) & 0xffff;
  // 0 would mean "none"; all ones is the same number (RFC 768).
  writeU16(buffer, udp + 6, checksum === 0 ? 0xffff : checksum);
}
