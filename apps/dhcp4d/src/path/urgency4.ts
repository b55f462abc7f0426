/** Which packets go first when more come than can be served, at a glance. */
import { readU32 } from "@kotare/core/base/big-endian";
import { equalBytes } from "@kotare/core/base/bytes";
import { MessageType4 } from "@kotare/core/dhcp4/message-type4";
import { Field4, Option4 } from "@kotare/core/dhcp4/message4";
import { LeaseState } from "@kotare/core/leases/model/lease";
import type { LeaseBatch4 } from "@kotare/core/leases/model/lease-store4";
import { Urgency } from "@kotare/core/server/packets/intake";
import type { Glanced } from "@kotare/core/server/packets/packet-path";

/** Clients send option 53 first. A message that hides its type is one of the others, no harm done. */
export function urgencyOf4({ buffer, offset, length }: Glanced): Urgency {
  const at = offset + Field4.options;
  if (length <= Field4.options + 2 || buffer[at] !== Option4.messageType) return Urgency.other;
  if (buffer[at + 2] === MessageType4.DHCPDISCOVER) return Urgency.first;
  // RFC 2131 §4.3.2: who says its own address in a REQUEST renews or rebinds.
  const isRenewal = buffer[at + 2] === MessageType4.DHCPREQUEST && readU32(buffer, offset + Field4.ciaddr) !== 0;
  return isRenewal ? Urgency.renewal : Urgency.other;
}

/** Whether who renews has the address: by hardware address, which is as good as any for a place in the queue. */
export function isKnown4({ buffer, offset }: Glanced, view: Pick<LeaseBatch4, "byAddress" | "missed">): boolean {
  const { missed } = view;
  const lease = view.byAddress(readU32(buffer, offset + Field4.ciaddr));
  if (lease === undefined) return view.missed > missed;
  const chaddr = offset + Field4.chaddr;
  const hwaddr = buffer.subarray(chaddr, chaddr + buffer[offset + Field4.hlen]!);
  return lease.state === LeaseState.assigned && equalBytes(lease.hwaddr, hwaddr);
}
