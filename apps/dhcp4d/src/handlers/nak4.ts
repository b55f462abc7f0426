/** NAKs, which say in option 56 why (RFC 2131 table 3: SHOULD). */
import type { Refusal4 } from "@kotare/core/allocate/allocate4";
import { MessageType4 } from "@kotare/core/dhcp4/message-type4";
import { NO_CHANGES4, type Reply4 } from "../path/outcome4.ts";

function nak(why: string): Reply4 {
  return {
    kind: "reply",
    type: MessageType4.DHCPNAK,
    yiaddr: 0,
    place: undefined,
    pool: undefined,
    lifetime: undefined,
    name: undefined,
    message: Buffer.from(why),
    changes: NO_CHANGES4,
    choice: undefined,
  };
}

const NO_ADDRESS = nak("there is no address for this client");

export const naks = {
  "unknown-network": nak("no network is known behind this relay"),
  "class-reject": nak("this client gets no address"),
  "unknown-client": nak("this client has no lease"),
  "another-address": nak("this client holds another address"),
  "unknown-address": nak("the address is not given on this network"),
  "reserved-for-other": nak("the address is reserved for another client"),
  "in-use": nak("another client holds the address"),
  "reserved-elsewhere": nak("another address is reserved for this client"),
  "no-free-address": NO_ADDRESS,
  "no-pool": NO_ADDRESS,
  "limit-reached": nak("there are as many leases as may be in use"),
} as const satisfies Record<Refusal4, Reply4> & Record<string, Reply4>;
