/** Which interfaces DHCPv6 can be served on, and at which of their addresses. */
import type { Interface } from "@kotare/netio/interfaces/interface";
import type { InterfacesConfig6 } from "../../config/dhcp6-config.ts";
import { formatIpv6Key, type Ipv6Key, isLinkLocal, parseIpv6Key, readIpv6Key } from "../../ip/ipv6-key.ts";
import type { InterfaceRules } from "./served-interfaces.ts";

/**
 * An interface is served by its link-local address and the servers' groups (RFC 8415 §7.1); an address that the
 * configuration names is one that clients may be told to use too, and nothing is missing while it is not there.
 */
export const interfaceRules6: InterfaceRules<Ipv6Key, InterfacesConfig6> = {
  parse: parseIpv6Key,
  format: formatIpv6Key,
  isUsable: (link) => !link.loopback && link.ipv6.length > 0,
  addressesOf(link) {
    const settled = addresses(link, false);
    const linkLocal = settled.filter(isLinkLocal);
    if (linkLocal.length > 0 || (link.loopback && settled.length > 0)) {
      return [...linkLocal, ...settled.filter((address) => !isLinkLocal(address))];
    }
    if (link.ipv6.length === 0) return "it has no IPv6 address";
    return addresses(link, true).some(isLinkLocal)
      ? "its link-local address is tentative still: somebody else may have it"
      : "it has no link-local address";
  },
  // The sockets are bound to the interface, whatever its addresses.
  isKept: () => true,
};

function addresses(link: Interface, tentative: boolean): Ipv6Key[] {
  return link.ipv6.filter((each) => each.tentative === tentative).map(({ address }) => readIpv6Key(address));
}
