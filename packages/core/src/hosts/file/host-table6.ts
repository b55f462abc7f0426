/** What finds a reservation of DHCPv6. */
import { latin1 } from "../../base/bytes.ts";
import type { Reservation6Config } from "../../config/dhcp6-config.ts";
import { parseIdentifier } from "../../config/host-identifier.ts";
import { IDENTIFIER_TYPES6 } from "../../config/schema/dhcp6/reservation6.ts";
import { parseIpv6Prefix } from "../../ip/ipv6.ts";
import { type Ipv6Key, parseIpv6Key, readIpv6Key } from "../../ip/ipv6-key.ts";
import type { HostIdentifierType6 } from "../model/host6.ts";
import type { HostTableRules } from "./host-table.ts";

export const hostTable6: HostTableRules<HostIdentifierType6, Ipv6Key, Reservation6Config> = {
  identifierOf(reservation) {
    const type = IDENTIFIER_TYPES6.find((candidate) => reservation[candidate] !== undefined)!;
    return { type, key: latin1(parseIdentifier(reservation[type]!)!) };
  },
  addressesOf({ "ip-addresses": addresses = [], prefixes = [] }) {
    const first = prefixes.map((text) => readIpv6Key(parseIpv6Prefix(text)!.address));
    return [...addresses.map((text) => parseIpv6Key(text)!), ...first];
  },
};
