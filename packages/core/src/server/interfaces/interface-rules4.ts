/** Which interfaces DHCPv4 can be served on, and at which of their addresses. */
import type { InterfacesConfig } from "../../config/dhcp4-config.ts";
import { formatIpv4, type Ipv4, parseIpv4 } from "../../ip/ipv4.ts";
import type { InterfaceRules } from "./served-interfaces.ts";

/** RFC 1700: Ethernet. */
const ETHERNET = 1;

export const interfaceRules4: InterfaceRules<Ipv4, InterfacesConfig> = {
  parse: parseIpv4,
  format: formatIpv4,
  isUsable: (link, config) =>
    !link.loopback && (config["dhcp-socket-type"] === "udp" || link.type === ETHERNET) && link.ipv4.length > 0,
  addressesOf(link, only, config) {
    if (config["dhcp-socket-type"] === "raw" && link.type !== ETHERNET) {
      return 'it is not Ethernet: "dhcp-socket-type": "udp" may serve it';
    }
    const addresses = link.ipv4.map(({ address }) => address);
    if (addresses.length === 0) return "it has no IPv4 address";
    const missing = only.find((address) => !addresses.includes(address));
    if (missing !== undefined) return `it does not have the address ${formatIpv4(missing)}`;
    return only.length > 0 ? only : addresses;
  },
  isKept: (before, after) => before.length === after.length && before.every((address, i) => address === after[i]),
};
