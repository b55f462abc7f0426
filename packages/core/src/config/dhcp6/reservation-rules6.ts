/** What an entry of DHCPv6's `reservations` has to be, wherever it stands. */
import type { ReservationRules } from "../check/read-reservation.ts";
import type { Reservation6Config } from "../dhcp6-config.ts";
import { IDENTIFIER_TYPES6, Reservation6 } from "../schema/dhcp6/reservation6.ts";
import { checkReservations6 } from "./check-reservations6.ts";

export const reservationRules6: ReservationRules<Reservation6Config> = {
  schema: Reservation6,
  identifiers: IDENTIFIER_TYPES6,
  checkReserved: (reservation, report) => checkReservations6([reservation], undefined, true, [], report),
};
