/** Which packets go first when more come than can be served, at a glance. */
import { readU16 } from "@kotare/core/base/big-endian";
import { DecodeError } from "@kotare/core/base/decode-error";
import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import { Message6 } from "@kotare/core/dhcp6/message6";
import { Option6 } from "@kotare/core/dhcp6/option6";
import { RELAY_HEADER } from "@kotare/core/dhcp6/relay6";
import { LeaseState } from "@kotare/core/leases/model/lease";
import type { LeaseBatch6 } from "@kotare/core/leases/model/lease-store6";
import { Urgency } from "@kotare/core/server/packets/intake";
import type { Glanced } from "@kotare/core/server/packets/packet-path";

/** Looks through relays, too; what it does not see through is one of the others, no harm done. */
export function urgencyOf6({ buffer, offset, length }: Glanced): Urgency {
  const end = offset + length;
  let at = offset;
  while (at < end && buffer[at] === MessageType6.RELAY_FORW) {
    at += RELAY_HEADER;
    while (at + 4 <= end && readU16(buffer, at) !== Option6.relayMessage) at += 4 + readU16(buffer, at + 2);
    at += 4;
  }
  const type = at < end ? buffer[at] : undefined;
  if (type === MessageType6.SOLICIT) return Urgency.first;
  return type === MessageType6.RENEW || type === MessageType6.REBIND ? Urgency.renewal : Urgency.other;
}

/** Whether who renews has a lease. */
export function isKnown6({ buffer, offset, length }: Glanced, view: Pick<LeaseBatch6, "byDuid" | "missed">): boolean {
  const { missed } = view;
  const duid = duidOf(buffer.subarray(offset, offset + length));
  if (duid === undefined) return false;
  return view.byDuid(duid).some(({ state }) => state === LeaseState.assigned) || view.missed > missed;
}

function duidOf(bytes: Uint8Array): Uint8Array | undefined {
  try {
    return new Message6(bytes).clientId;
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
