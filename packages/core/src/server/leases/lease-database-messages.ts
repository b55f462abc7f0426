/** What is said of a database that holds leases. Ids and levels are Kea's where Kea knows the event. */
import { defineMessages, error, info } from "../../log/catalogue.ts";

export const leaseDatabase = defineMessages("dhcpsrv", {
  DHCPSRV_LEASE_DATABASE_OPENED: info("leases are in {database}", "It answers, and its schema is one that we know."),
  DHCPSRV_LEASE_DATABASE_OPEN_FAILED: error(
    "{database} cannot be used: {error}; {next}",
    "Nobody is served before the leases are known. The error says whether the address, the password or the schema is wrong.",
  ),
  DHCPSRV_LEASE_DATABASE_LOST: error(
    "{database} is lost: {error}; no lease is given until it is back",
    "Connecting is tried again by itself. What was being committed may or may not have been: nobody was told of it.",
  ),
  DHCPSRV_LEASE_DATABASE_RECONNECT_FAILED: error(
    "{database} is still lost: {error}; {next}",
    "Clients are not answered meanwhile. max-reconnect-tries and reconnect-wait-time say how often and when.",
  ),
  DHCPSRV_LEASE_DATABASE_REFUSED: error(
    "{database} does not take the lease of {lease}: {error} ({count} refused since this was said last)",
    "Its client gets nothing, or what is over stays. Other changes are made. A column, a constraint or a trigger of the table is in the way, or a row that somebody else has written: put that right. Said again with growing pauses.",
  ),
  DHCPSRV_LEASE_DATABASE_RECOVERED: info("{database} is back", "Clients are answered again."),
});
