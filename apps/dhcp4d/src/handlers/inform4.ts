/** RFC 2131 §4.3.5: a client that has its address from elsewhere asks for options only. */
import { MessageType4 } from "@kotare/core/dhcp4/message-type4";
import { drop4, type Handler4, leaselessReply4 } from "../path/outcome4.ts";

export const inform4: Handler4 = (query) => {
  const { message, ingress, places } = query;
  const place = places[0];
  if (place === undefined) return drop4("no-subnet");
  // The answer must reach somebody: ciaddr, the relay, or where the packet came from.
  if (message.ciaddr === 0 && message.giaddr === 0 && ingress.source === 0) return drop4("no-address-to-answer");
  // As in Kea: the address is not from a pool of ours, and the client's name is not our business.
  return leaselessReply4(MessageType4.DHCPACK, place);
};
