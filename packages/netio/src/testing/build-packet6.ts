/** Makes the IPv6 packets that tests and fuzzing put on the wire. */

import { writeU16 } from "../big-endian.ts";
import { type Address6, readAddress6, writeAddress6 } from "../frames/address6.ts";
import { foldSum, sum16 } from "../frames/internet-checksum.ts";

const IPV6_HEADER = 40;
const UDP_HEADER = 8;
const PROTOCOL_UDP = 17;

export interface Packet6 {
  readonly source: Address6;
  readonly sourcePort: number;
  readonly destination: Address6;
  readonly destinationPort: number;
  readonly payload: Uint8Array;
  /** Type and bytes of an extension header between IPv6 and UDP; its first byte is set to UDP. */
  readonly extension?: readonly [type: number, bytes: Uint8Array];
}

/** The packet from its IPv6 header on, with all lengths and the checksum right. */
export function buildPacket6({ extension = [PROTOCOL_UDP, new Uint8Array(0)], ...packet }: Packet6): Uint8Array {
  const [type, header] = extension;
  const udp = IPV6_HEADER + header.length;
  const udpLength = UDP_HEADER + packet.payload.length;
  const bytes = new Uint8Array(udp + udpLength);
  bytes[0] = 0x60;
  writeU16(bytes, 4, header.length + udpLength);
  bytes[6] = type;
  bytes[7] = 64;
  writeAddress6(packet.source, bytes, 8);
  writeAddress6(packet.destination, bytes, 24);
  bytes.set(header, IPV6_HEADER);
  if (header.length > 0) bytes[IPV6_HEADER] = PROTOCOL_UDP;
  writeU16(bytes, udp, packet.sourcePort);
  writeU16(bytes, udp + 2, packet.destinationPort);
  writeU16(bytes, udp + 4, udpLength);
  bytes.set(packet.payload, udp + UDP_HEADER);
  const sum = sum16(bytes, 8, 32) + PROTOCOL_UDP + udpLength + sum16(bytes, udp, udpLength);
  writeU16(bytes, udp + 6, ~foldSum(sum) & 0xffff || 0xffff);
  return bytes;
}

/** An address written as 32 hexadecimal digits. */
export function address6(hex: string): Address6 {
  return readAddress6(Buffer.from(hex, "hex"), 0);
}
