/** What is said of databases that hold reservations. */
import { defineMessages, error, info, warn } from "../../log/catalogue.ts";

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
  DHCPSRV_HOST_FILE_LOADED: info(
    "{lines} lines read from {file}, {badLines} of them bad",
    "Bad lines are kept in a file beside it.",
  ),
  DHCPSRV_HOST_FILE_LINE_BAD: error(
    "{file}:{line}: {what}",
    "The line is no reservation. It is kept in FILE.bad; correct it there and put it back while the daemon is stopped, or delete it.",
  ),
  DHCPSRV_HOST_FILE_OPEN_FAILED: error(
    "the file of reservations {file} cannot be opened: {error}; next try in {seconds} s",
    "Nobody is served before the reservations are known. The error says what to correct.",
  ),
  DHCPSRV_HOST_FILE_WRITE_FAILED: warn(
    "reservations cannot be written: {error}; it is tried again in {milliseconds} ms at the earliest",
    "The command that wanted it has failed, and nothing has changed. Is the disk full or broken?",
  ),
  DHCPSRV_HOST_FILE_WRITE_RECOVERED: info("reservations can be written again", "The disk does its work again."),
  DHCPSRV_HOST_INVALID: error(
    "{database}: {origin} is not used: {fault}",
    "The reservation is left out, all others count. Correct or delete it. Each is named once until the configuration is loaded again.",
  ),
});
