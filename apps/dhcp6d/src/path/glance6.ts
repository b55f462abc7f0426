/** What a message is, at a glance, where it is whole and no relay stands around it. */
import { readU16 } from "@kotare/core/base/big-endian";
import { MESSAGE_HEADER } from "@kotare/core/dhcp6/message6";
import { OPTION_HEADER } from "@kotare/core/dhcp6/option6";
import { isRelayType } from "@kotare/core/dhcp6/relay6";
import type { Glanced } from "@kotare/core/server/packets/packet-path";

/** @returns its type; `undefined` where it takes a closer look */
export function glance6({ buffer, offset, length }: Glanced): number | undefined {
  const type = buffer[offset]!;
  if (length < MESSAGE_HEADER || isRelayType(type)) return undefined;
  const end = offset + length;
  let at = offset + MESSAGE_HEADER;
  while (at + OPTION_HEADER <= end) at += OPTION_HEADER + readU16(buffer, at + 2);
  return at > end ? undefined : type;
}
