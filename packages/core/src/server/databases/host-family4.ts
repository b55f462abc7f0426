/** What opening a database of DHCPv4 reservations needs to know of the family. */
import { reservationRules4 } from "../../config/dhcp4/reservation-rules4.ts";
import { sqlFamily4 } from "../../hosts/sql/sql-family4.ts";

export const hostFamily4 = { sql: sqlFamily4, reservations: reservationRules4 };
