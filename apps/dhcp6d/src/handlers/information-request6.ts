/** RFC 8415 §18.3.6: a client that needs no address asks for options only. */
import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import { drop6, type Handler6, leaselessReply6 } from "../path/outcome6.ts";

export const informationRequest6: Handler6 = (query) => {
  if (query.message.ias.length > 0) return drop6("unwanted-ia");
  return leaselessReply6(MessageType6.REPLY, "informed", undefined, query.places[0] ?? "global");
};
