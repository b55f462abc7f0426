/**
 * RFC 8415 §18.3.3: whether all addresses that a client has fit the link it is on now. The options that it asks for go
 * with the answer, as in Kea: they may have changed since.
 */
import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import { Option6 } from "@kotare/core/dhcp6/option6";
import { StatusCode6 } from "@kotare/core/dhcp6/status-code6";
import { drop6, type Handler6, leaselessReply6 } from "../path/outcome6.ts";
import { isOnLink } from "../path/query6.ts";

export const confirm6: Handler6 = (query) => {
  const { places, message } = query;
  if (places.length === 0) return drop6("no-subnet");
  const addresses = message.ias.filter(({ code }) => code === Option6.iaNa).flatMap(({ leases }) => leases);
  if (addresses.length === 0) return drop6("nothing-to-confirm");
  const status = addresses.every(({ address }) => isOnLink(query, address))
    ? { code: StatusCode6.Success, text: "All addresses are on-link." }
    : { code: StatusCode6.NotOnLink, text: "Some of the addresses are not on-link." };
  return leaselessReply6(MessageType6.REPLY, "confirmed", status, places[0]);
};
