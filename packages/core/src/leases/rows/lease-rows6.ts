/** What a row of the table has for an IPv6 lease: 72 bytes in all. */
import { type Ipv6Key, readIpv6Key } from "../../ip/ipv6-key.ts";
import { Field, type LeaseRows } from "./lease-rows.ts";

export const Field6 = {
  /** Four words, highest first. */
  address: Field.family,
  preferredLifetime: Field.family + 4,
  iaid: Field.family + 5,
  duidLinks: Field.family + 6,
  /** From the highest byte: lease type, bits of the prefix, and two bytes of hardware type. */
  kinds: Field.family + 8,
} as const;

export const ROW6 = Field.family + 9;

/** An address in words: what rows hold, hashes take and orders compare. */
export function writeWords(address: Ipv6Key, words: Uint32Array): void {
  for (let i = 0; i < 4; i++) {
    words[i] =
      (address.charCodeAt(4 * i) << 24) |
      (address.charCodeAt(4 * i + 1) << 16) |
      (address.charCodeAt(4 * i + 2) << 8) |
      address.charCodeAt(4 * i + 3);
  }
}

const octets = new Uint8Array(16);

export function readAddress(rows: LeaseRows, slot: number): Ipv6Key {
  for (let i = 0; i < 4; i++) {
    const word = rows.get(slot, Field6.address + i);
    octets[4 * i] = word >>> 24;
    octets[4 * i + 1] = word >>> 16;
    octets[4 * i + 2] = word >>> 8;
    octets[4 * i + 3] = word;
  }
  return readIpv6Key(octets);
}
