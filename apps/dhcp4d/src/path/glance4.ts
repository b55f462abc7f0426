/** What a message is, at a glance, where nothing in it is unusual. */
import { readU32 } from "@kotare/core/base/big-endian";
import { Field4, MAGIC_COOKIE, Option4 } from "@kotare/core/dhcp4/message4";
import type { Glanced } from "@kotare/core/server/packets/packet-path";

const MAX_HLEN = 16;

/** @returns its type; `undefined` where it takes a closer look */
export function glance4({ buffer, offset, length }: Glanced): number | undefined {
  if (length < Field4.options || buffer[offset + Field4.hlen]! > MAX_HLEN) return undefined;
  if (readU32(buffer, offset + Field4.cookie) !== MAGIC_COOKIE) return undefined;
  const end = offset + length;
  let type: number | undefined;
  for (let at = offset + Field4.options; at < end; ) {
    const code = buffer[at]!;
    if (code === Option4.end) return type;
    if (code === Option4.pad) {
      at += 1;
      continue;
    }
    if (at + 1 === end || code === Option4.overload) return undefined;
    const size = buffer[at + 1]!;
    if (code === Option4.messageType) {
      if (size !== 1 || type !== undefined) return undefined;
      type = buffer[at + 2];
    }
    at += 2 + size;
  }
  return undefined;
}
