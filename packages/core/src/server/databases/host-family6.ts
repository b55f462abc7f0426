/** What opening a database of DHCPv6 reservations needs to know of the family. */
import { reservationRules6 } from "../../config/dhcp6/reservation-rules6.ts";
import { sqlFamily6 } from "../../hosts/sql/sql-family6.ts";

export const hostFamily6 = { sql: sqlFamily6, reservations: reservationRules6 };
