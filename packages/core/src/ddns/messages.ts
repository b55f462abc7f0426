/** What both DHCP servers say of names on their way to the DNS updater. */
import { debug, defineMessages, error, info, warn } from "../log/catalogue.ts";
import { DebugLevel } from "../log/levels.ts";

export type DdnsMessages = typeof ddnsMessages;

export const ddnsMessages = defineMessages("ddns", {
  DHCP_DDNS_NCR_SENT: debug(
    DebugLevel.trace,
    "{change} {name} at {address}: sent to the DNS updater",
    "A name-change request leaves; its lease is on disk.",
  ),
  DHCP_DDNS_UPDATER_AWAY: warn(
    "the DNS updater cannot be reached: {error}; it will be told the names when it is back",
    "Is d2d running, and does it listen where `dhcp-ddns` says? Leases are given meanwhile, and no name is forgotten.",
  ),
  DHCP_DDNS_NOT_CONFIRMED: info(
    "the DNS updater confirms nothing: what it does not refuse counts as received",
    "It is Kea's. Requests are sent at a pace that it can keep; what it loses all the same is lost. d2d confirms.",
  ),
  DHCP_DDNS_BAD_CONFIRMATION: warn(
    "what the DNS updater sends cannot be read: {error}",
    "Something else than the updater may be sending to us. The request is sent again.",
  ),
  DHCP_DDNS_LEASES_UNREAD: error(
    "cannot look for names that the DNS updater has not been told: {error}",
    "The leases cannot be read. The search is tried again when more names are to be told.",
  ),
  DHCP_DDNS_MARK_FAILED: error(
    "cannot note down what the DNS updater knows: {error}",
    "Look at the data directory. Without the note a restart tells the updater all names again.",
  ),
});
