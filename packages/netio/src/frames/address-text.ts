/** Addresses as Node's sockets and lists write them. */

import { readU16, readU32, writeU16 } from "../big-endian.ts";
import { type Address6, readAddress6, writeAddress6 } from "./address6.ts";

/** An unsigned 32-bit number as `192.0.2.1`. */
export function formatAddress4(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join(".");
}

/** @param text of Node's own making, such as `192.0.2.1` */
export function parseAddress4(text: string): number {
  return readU32(Uint8Array.from(text.split("."), Number), 0);
}

/** `2001:db8:0:0:0:0:0:1`. */
export function formatAddress6(address: Address6): string {
  const bytes = new Uint8Array(16);
  writeAddress6(address, bytes, 0);
  return Array.from({ length: 8 }, (_, group) => readU16(bytes, 2 * group).toString(16)).join(":");
}

/** @param text of Node's own making, such as `fe80::1` or `fe80::1%eth0`: the zone is left out */
export function parseAddress6(text: string): Address6 {
  const [head = "", tail] = text.replace(/%.*/, "").split("::");
  const [before, after] = [head, tail ?? ""].map(groupsOf) as [number[], number[]];
  const bytes = new Uint8Array(16);
  for (const [i, group] of before.entries()) writeU16(bytes, 2 * i, group);
  for (const [i, group] of after.entries()) writeU16(bytes, 2 * (8 - after.length + i), group);
  return readAddress6(bytes, 0);
}

function groupsOf(text: string): number[] {
  if (text === "") return [];
  return text.split(":").flatMap((group) => {
    // ::ffff:192.0.2.1
    if (!group.includes(".")) return [Number.parseInt(group, 16)];
    const address = parseAddress4(group);
    return [address >>> 16, address & 0xffff];
  });
}
