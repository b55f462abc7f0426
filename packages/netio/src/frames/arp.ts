/** ARP over Ethernet (RFC 826): who has an IPv4 address. */

import { readU16, readU32, writeU16, writeU32 } from "../big-endian.ts";

export const ETHERTYPE_ARP = 0x0806;

/** With the Ethernet header. */
export const ARP_FRAME = 42;

const ETHERTYPE_IPV4 = 0x0800;
const ETHERNET = 1;
const REQUEST = 1;
const REPLY = 2;

/**
 * A probe (RFC 5227 §2.1.1): its sender has no address, so that nobody learns anything from it.
 * @param mac of the interface that it leaves by
 */
export function encodeArpProbe(address: number, mac: Uint8Array): Uint8Array {
  const frame = new Uint8Array(ARP_FRAME);
  frame.fill(0xff, 0, 6);
  frame.set(mac, 6);
  writeU16(frame, 12, ETHERTYPE_ARP);
  writeU16(frame, 14, ETHERNET);
  writeU16(frame, 16, ETHERTYPE_IPV4);
  frame.set([6, 4], 18);
  writeU16(frame, 20, REQUEST);
  frame.set(mac, 22);
  writeU32(frame, 38, address);
  return frame;
}

/** @returns the address of who answers; `undefined` for any other frame */
export function readArpReply(frame: Uint8Array): number | undefined {
  if (frame.length < ARP_FRAME) return undefined;
  const isArp = readU16(frame, 12) === ETHERTYPE_ARP && readU16(frame, 16) === ETHERTYPE_IPV4;
  return isArp && readU16(frame, 20) === REPLY ? readU32(frame, 28) : undefined;
}
