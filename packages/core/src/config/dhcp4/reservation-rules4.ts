/** What an entry of DHCPv4's `reservations` has to be, wherever it stands. */
import { ipv4Text } from "../check/address-text.ts";
import { ReservedChecker } from "../check/check-reserved.ts";
import type { ReservationRules } from "../check/read-reservation.ts";
import type { Reservation4Config } from "../dhcp4-config.ts";
import { IDENTIFIER_TYPES4 } from "../host-identifier.ts";
import { Reservation4 } from "../schema/dhcp4/reservation4.ts";

export const reservationRules4: ReservationRules<Reservation4Config> = {
  schema: Reservation4,
  identifiers: IDENTIFIER_TYPES4,
  checkReserved({ "ip-address": address }, report) {
    if (address === undefined) return;
    new ReservedChecker(ipv4Text, undefined, true, [], report).checkAddress(address, 0, "ip-address");
  },
};
