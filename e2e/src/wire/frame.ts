/** Ethernet frames that carry UDP over IPv4 or IPv6 (RFC 894, 791, 768; RFC 2464, 8200). */
import { formatIpv6Key, readIpv6Key } from "@kotare/core/ip/ipv6-key";
import { addressBytes, formatMac, macBytes } from "./message.ts";

export interface Frame {
  readonly sourceMac: string;
  readonly destinationMac: string;
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly payload: Uint8Array;
}

export const BROADCAST_MAC = "ff:ff:ff:ff:ff:ff";

const ETHERNET = 14;
const IP = 20;
const IPV6 = 40;
const UDP = 8;
const UDP_PROTOCOL = 17;

export function encodeFrame(frame: Frame): Buffer {
  const bytes = Buffer.alloc(ETHERNET + IP + UDP + frame.payload.length);
  bytes.set(macBytes(frame.destinationMac), 0);
  bytes.set(macBytes(frame.sourceMac), 6);
  bytes.writeUInt16BE(0x0800, 12);
  const ip = bytes.subarray(ETHERNET);
  ip.set([0x45, 0x10]);
  ip.writeUInt16BE(ip.length, 2);
  ip.set([64, UDP_PROTOCOL], 8);
  ip.set(addressBytes(frame.source), 12);
  ip.set(addressBytes(frame.destination), 16);
  ip.writeUInt16BE(checksum(ip.subarray(0, IP)), 10);
  const udp = ip.subarray(IP);
  udp.writeUInt16BE(frame.sourcePort, 0);
  udp.writeUInt16BE(frame.destinationPort, 2);
  udp.writeUInt16BE(udp.length, 4);
  udp.set(frame.payload, UDP);
  const pseudo = Buffer.from([...ip.subarray(12, 20), 0, UDP_PROTOCOL, udp.length >> 8, udp.length & 255]);
  udp.writeUInt16BE(checksum(Buffer.concat([pseudo, udp])) || 0xffff, 6);
  return bytes;
}

interface UdpPacket {
  readonly source: string;
  readonly destination: string;
  readonly udp: Buffer;
}

function decodeIpv4(ip: Buffer): UdpPacket | undefined {
  const headerLength = (ip[0]! & 15) * 4;
  if (ip[9] !== UDP_PROTOCOL || (ip.readUInt16BE(6) & 0x3fff) !== 0) return undefined;
  const udp = ip.subarray(headerLength, ip.readUInt16BE(2));
  return { source: ip.subarray(12, 16).join("."), destination: ip.subarray(16, 20).join("."), udp };
}

function decodeIpv6(ip: Buffer): UdpPacket | undefined {
  if (ip.length < IPV6 || ip[6] !== UDP_PROTOCOL) return undefined;
  const udp = ip.subarray(IPV6, IPV6 + ip.readUInt16BE(4));
  return { source: formatIpv6Key(readIpv6Key(ip, 8)), destination: formatIpv6Key(readIpv6Key(ip, 24)), udp };
}

const decoders = new Map([
  [0x0800, decodeIpv4],
  [0x86dd, decodeIpv6],
]);

/** `undefined` for everything that is not unfragmented UDP over IPv4, or over IPv6 without extension headers. */
export function decodeFrame(bytes: Buffer): Frame | undefined {
  if (bytes.length < ETHERNET + IP + UDP) return undefined;
  const packet = decoders.get(bytes.readUInt16BE(12))?.(bytes.subarray(ETHERNET));
  if (packet === undefined || packet.udp.length < UDP) return undefined;
  const { source, destination, udp } = packet;
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

/** RFC 1071. */
function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += (bytes[at]! << 8) | (bytes[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return ~sum & 0xffff;
}
