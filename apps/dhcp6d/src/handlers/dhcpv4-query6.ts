/** RFC 7341 §10: a DHCPv4 message in a DHCPv6 one is passed on to the DHCPv4 server, which answers it. */
import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import { Option6 } from "@kotare/core/dhcp6/option6";
import { drop6, type Handler6, NO_CHANGES6 } from "../path/outcome6.ts";

export const dhcpv4Query6: Handler6 = ({ message }) => {
  if (!message.hasOption(Option6.dhcpv4Message)) return drop6("no-dhcpv4-message");
  return {
    kind: "done",
    type: MessageType6.DHCPV4_QUERY,
    ias: [],
    status: undefined,
    isRapid: false,
    place: undefined,
    name: undefined,
    changes: NO_CHANGES6,
    event: "passed-on",
  };
};
