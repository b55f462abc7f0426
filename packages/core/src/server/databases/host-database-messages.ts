/** What is said of databases that hold reservations. */
import { defineMessages, error, info } from "../../log/catalogue.ts";

export const hostDatabase = defineMessages("dhcpsrv", {
  DHCPSRV_HOST_DATABASE_OPENED: info(
    "reservations are also in {database}",
    "It answers, and its schema is one that we know.",
  ),
  DHCPSRV_HOST_DATABASE_OPEN_FAILED: error(
    "{database} cannot be used: {error}; {next}",
    "The configuration does not come into force before its reservations can be asked for. The error says whether the address, the password or the schema is wrong.",
  ),
  DHCPSRV_HOST_DATABASE_LOST: error(
    "{database} is lost: {error}",
    "Connecting is tried again by itself. Meanwhile packets get no answer; with a value of on-fail that begins with serve they are answered as if this database had no reservations.",
  ),
  DHCPSRV_HOST_DATABASE_RECONNECT_FAILED: error(
    "{database} is still lost: {error}; {next}",
    "max-reconnect-tries and reconnect-wait-time say how often connecting is tried, and when.",
  ),
  DHCPSRV_HOST_DATABASE_RECOVERED: info("{database} is back", "Its reservations count again."),
  DHCPSRV_HOST_INVALID: error(
    "{database}: {origin} is not used: {fault}",
    "The reservation is left out, all others count. Correct or delete it. Each is named once until the configuration is loaded again.",
  ),
});
