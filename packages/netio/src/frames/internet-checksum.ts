/** The checksum of IP and UDP (RFC 1071). */

import { readU16 } from "../big-endian.ts";

/** The sum of the big-endian words, a last odd byte padded with 0 (RFC 1071); at most 2 GiB for 64 KiB: no overflow. */
export function sum16(buffer: Uint8Array, at: number, length: number): number {
  let sum = 0;
  const end = at + (length & ~1);
  for (let i = at; i < end; i += 2) sum += readU16(buffer, i);
  return length & 1 ? sum + ((buffer[end] as number) << 8) : sum;
}

/** The ones' complement sum: all ones over data that contain their right checksum. */
export function foldSum(sum: number): number {
  let folded = (sum & 0xffff) + (sum >>> 16);
  folded = (folded & 0xffff) + (folded >>> 16);
  return folded;
}
