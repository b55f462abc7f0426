/** Ethernet frames that carry UDP over IPv4 or IPv6 (RFC 894, 791, 8200, 768). */
import { formatMac, hex, ip } from "@kotare/testkit/payloads";
import { formatIpv6, ipv6Bytes } from "./ipv6-text.ts";

export interface Frame {
  readonly sourceMac: string;
  readonly destinationMac: string;
  /** Both of one family. */
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly payload: Uint8Array;
}

export const BROADCAST_MAC = "ff:ff:ff:ff:ff:ff";

const ETHERNET = 14;
const IPV4 = 20;
const IPV6 = 40;
const UDP = 8;
const UDP_PROTOCOL = 17;
const ETHERTYPE = { ipv4: 0x0800, ipv6: 0x86dd };

export function encodeFrame(frame: Frame): Buffer {
  const isIpv6 = frame.source.includes(":");
  const [source, destination] = isIpv6
    ? [ipv6Bytes(frame.source), ipv6Bytes(frame.destination)]
    : [ip(frame.source), ip(frame.destination)];
  const udp = encodeUdp(frame, source, destination);
  const ethernet = Buffer.alloc(ETHERNET);
  ethernet.set(hex(frame.destinationMac), 0);
  ethernet.set(hex(frame.sourceMac), 6);
  ethernet.writeUInt16BE(isIpv6 ? ETHERTYPE.ipv6 : ETHERTYPE.ipv4, 12);
  const header = isIpv6 ? ipv6Header(udp.length) : ipv4Header(udp.length);
  header.set(source, isIpv6 ? 8 : 12);
  header.set(destination, isIpv6 ? 24 : 16);
  if (!isIpv6) header.writeUInt16BE(checksum(header), 10);
  return Buffer.concat([ethernet, header, udp]);
}

function ipv4Header(length: number): Buffer {
  const header = Buffer.alloc(IPV4);
  header.set([0x45, 0x10]);
  header.writeUInt16BE(IPV4 + length, 2);
  header.set([64, UDP_PROTOCOL], 8);
  return header;
}

function ipv6Header(length: number): Buffer {
  const header = Buffer.alloc(IPV6);
  header[0] = 0x60;
  header.writeUInt16BE(length, 4);
  header.set([UDP_PROTOCOL, 64], 6);
  return header;
}

function encodeUdp(frame: Frame, source: Uint8Array, destination: Uint8Array): Buffer {
  const header = Buffer.alloc(UDP);
  header.writeUInt16BE(frame.sourcePort, 0);
  header.writeUInt16BE(frame.destinationPort, 2);
  const length = UDP + frame.payload.length;
  header.writeUInt16BE(length, 4);
  const udp = Buffer.concat([header, frame.payload]);
  // The pseudo header of IPv4 and that of IPv6 add up to the same.
  const pseudo = Buffer.from([...source, ...destination, 0, UDP_PROTOCOL, length >> 8, length & 255]);
  udp.writeUInt16BE(checksum(Buffer.concat([pseudo, udp])) || 0xffff, 6);
  return udp;
}

/** `undefined` for everything that is not unfragmented UDP over IPv4, or UDP right behind the header of IPv6. */
export function decodeFrame(bytes: Buffer): Frame | undefined {
  if (bytes.length < ETHERNET + IPV4 + UDP) return undefined;
  const type = bytes.readUInt16BE(12);
  const packet = bytes.subarray(ETHERNET);
  const found = type === ETHERTYPE.ipv4 ? decodeIpv4(packet) : type === ETHERTYPE.ipv6 ? decodeIpv6(packet) : undefined;
  if (found === undefined || found.udp.length < UDP) return undefined;
  const { source, destination, udp } = found;
  return {
    destinationMac: formatMac(bytes.subarray(0, 6)),
    sourceMac: formatMac(bytes.subarray(6, 12)),
    source,
    destination,
    sourcePort: udp.readUInt16BE(0),
    destinationPort: udp.readUInt16BE(2),
    payload: udp.subarray(UDP, udp.readUInt16BE(4)),
  };
}

interface Packet {
  readonly source: string;
  readonly destination: string;
  readonly udp: Buffer;
}

function decodeIpv4(packet: Buffer): Packet | undefined {
  const headerLength = (packet[0]! & 15) * 4;
  if (packet[9] !== UDP_PROTOCOL || (packet.readUInt16BE(6) & 0x3fff) !== 0) return undefined;
  const udp = packet.subarray(headerLength, packet.readUInt16BE(2));
  return { source: packet.subarray(12, 16).join("."), destination: packet.subarray(16, 20).join("."), udp };
}

function decodeIpv6(packet: Buffer): Packet | undefined {
  if (packet.length < IPV6 || packet[6] !== UDP_PROTOCOL) return undefined;
  const udp = packet.subarray(IPV6, IPV6 + packet.readUInt16BE(4));
  return { source: formatIpv6(packet.subarray(8, 24)), destination: formatIpv6(packet.subarray(24, 40)), udp };
}

/** RFC 1071. */
function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += (bytes[at]! << 8) | (bytes[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return ~sum & 0xffff;
}
