/** RFC 2131 §4.3.5: a client that has its address from elsewhere asks for options only. */
import { MessageType } from "@kotare/core/dhcp4/message-type";
import { findPool } from "@kotare/core/subnets/subnet4";
import { nameClient4 } from "../client-name4.ts";
import { drop, type Handler4, NO_CHANGES } from "../outcome4.ts";

export const inform: Handler4 = (query) => {
  const { message, ingress, places } = query;
  const place = places[0];
  if (place === undefined) return drop("no-subnet");
  // The answer must reach somebody: ciaddr, the relay, or where the packet came from.
  if (message.ciaddr === 0 && message.giaddr === 0 && ingress.source === 0) return drop("no-address-to-answer");
  const pool = message.ciaddr === 0 ? undefined : findPool(place.subnet, message.ciaddr);
  return {
    kind: "reply",
    type: MessageType.DHCPACK,
    yiaddr: 0,
    place,
    pool,
    lifetime: undefined,
    name: nameClient4(query, place, pool, message.ciaddr),
    changes: NO_CHANGES,
    choice: undefined,
  };
};
