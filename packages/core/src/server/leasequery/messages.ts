/** What the log says of leasequery by TCP; under Kea's ids where Kea knows the event. */
import { debug, defineMessages, error, info } from "../../log/catalogue.ts";
import { DebugLevel } from "../../log/levels.ts";

export const leasequeryMessages = defineMessages("lease-query-hooks", {
  LEASE_QUERY_LISTENING: info(
    "leases are told at {address} port {port}",
    "Requesters may connect: DHCP bulk leasequery, and active leasequery where it is configured.",
  ),
  LEASE_QUERY_LISTENER_FAILED: error(
    "cannot take connections at {address} port {port}: {error}",
    "The daemon keeps trying with growing pauses. lease-query-ip must be an address of this host, and the port free.",
  ),
  BULK_LEASE_QUERY_REJECTED_CONNECTION: debug(
    DebugLevel.drop,
    "a connection from {source} is closed: {why}",
    "Who may ask is listed in requesters. How many were closed is in the metric kotare_leasequery_refused_total.",
  ),
  BULK_LEASE_QUERY_INVALID_REQUEST: debug(
    DebugLevel.drop,
    "{source}: {why}",
    "What came by its connection is no query, the connection was lost, or leases could not be read.",
  ),
});
