/** What finds a reservation of DHCPv4. */
import { latin1 } from "../../base/bytes.ts";
import type { Reservation4Config } from "../../config/dhcp4-config.ts";
import { IDENTIFIER_TYPES4, parseIdentifier } from "../../config/host-identifier.ts";
import { type Ipv4, parseIpv4 } from "../../ip/ipv4.ts";
import type { HostIdentifierType4 } from "../model/host4.ts";
import type { HostTableRules } from "./host-table.ts";

export const hostTable4: HostTableRules<HostIdentifierType4, Ipv4, Reservation4Config> = {
  identifierOf(reservation) {
    const type = IDENTIFIER_TYPES4.find((candidate) => reservation[candidate] !== undefined)!;
    return { type, key: latin1(parseIdentifier(reservation[type]!)!) };
  },
  addressesOf({ "ip-address": address }) {
    return address === undefined ? [] : [parseIpv4(address)!];
  },
};
