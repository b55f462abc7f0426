/** Everything that d2d says in its log. Ids and levels are Kea's where Kea knows the event. No secret is in any of it. */
import { defineUpdaterLifeMessages } from "@kotare/core/daemon/life-messages";
import { debug, defineMessages, error, info, warn } from "@kotare/core/log/catalogue";
import { DebugLevel } from "@kotare/core/log/levels";

export const life = defineUpdaterLifeMessages();

export const receiving = defineMessages("dhcp-to-d2", {
  DHCP_DDNS_QUEUE_MGR_STARTED: info("requests are taken on {address}, port {port}", "DHCP servers are heard."),
  DHCP_DDNS_QUEUE_MGR_START_ERROR: error(
    "requests cannot be taken on {address}, port {port}: {error}; next try in {milliseconds} ms",
    "Another program has the port, or the address is not this host's. Kea's own updater must not run beside this one.",
  ),
  DHCP_DDNS_NOT_ON_LOOPBACK: warn(
    "requests are taken on {address}, which is no loopback address",
    "Anybody who can send there can change names: nothing in a request says that it comes from a DHCP server.",
  ),
  DHCP_DDNS_QUEUE_MGR_RECV_ERROR: error("receiving failed: {error}", "The socket is opened anew."),
  DHCP_DDNS_INVALID_NCR: error(
    "datagram of {length} bytes from {address}, port {port} is no request: {error}",
    "The sender is no DHCP server, or of a version with another format.",
  ),
  DHCP_DDNS_QUEUE_MGR_QUEUE_RECEIVE: debug(
    DebugLevel.trace,
    "request {id} taken: {what}",
    "It is on disk, and confirmed to a sender that asks for it.",
  ),
  DHCP_DDNS_QUEUE_MGR_QUEUE_FULL: error(
    "requests are not taken: {count} wait already",
    "Our own DHCP servers send again until there is room; what Kea's send is lost. Mend the DNS servers, or raise " +
      "max-queue-size.",
  ),
  DHCP_DDNS_QUEUE_MGR_RESUMING: info("requests are taken again", "There is room."),
});

export const queueFile = defineMessages("dhcp-to-d2", {
  DHCP_DDNS_QUEUE_FILE_LOADED: info(
    "{count} requests from {file} are carried out first",
    "What the last run left over.",
  ),
  DHCP_DDNS_QUEUE_FILE_BAD_LINE: error(
    "{file}:{line}: {error}",
    "Somebody else has written to the file, or the disk has lost something. The line is kept in the file of the same " +
      "name with .bad behind it; what it asked for must be done by hand.",
  ),
  DHCP_DDNS_QUEUE_ASIDE_FULL: error(
    "{file}.bad is full: what is set aside is not kept any more",
    "Look at what is in it, and take it away.",
  ),
  DHCP_DDNS_QUEUE_ASIDE_FAILED: error(
    "{file}.bad cannot be written: {error}; what was set aside is not kept",
    "The log has the requests. Is the disk full, read-only or broken?",
  ),
  DHCP_DDNS_QUEUE_FILE_OPEN_FAILED: error(
    "{file} cannot be opened: {error}; next try in {milliseconds} ms",
    "No request is taken before it can be kept. Make the folder exist and writable for the daemon's user.",
  ),
  DHCP_DDNS_QUEUE_FILE_WRITE_FAILED: error(
    "{file} cannot be written: {error}; no request is taken, next try in {milliseconds} ms",
    "Is the disk full, read-only or broken? It goes on by itself as soon as writing works.",
  ),
  DHCP_DDNS_QUEUE_FILE_WRITE_RECOVERED: info("{file} can be written again", "Requests are taken again."),
  DHCP_DDNS_QUEUE_FILE_KEPT: warn(
    "queue-file has changed and takes effect at the next start",
    "What waits in the present file is carried out first.",
  ),
});

export const requests = defineMessages("dhcpddns", {
  DHCP_DDNS_ADD_SUCCEEDED: info("request {id}: the DNS has it: {what}", "All records of the request are there."),
  DHCP_DDNS_REMOVE_SUCCEEDED: info("request {id}: the DNS has it no more: {what}", "What was the client's is gone."),
  DHCP_DDNS_ADD_FAILED: error("request {id} is given up: {what}: {why}", "The name is not the client's."),
  DHCP_DDNS_REMOVE_FAILED: error("request {id} is given up: {what}: {why}", "The records must be removed by hand."),
  DHCP_DDNS_REQUEST_SET_ASIDE: error(
    "request {id} is set aside: {what}: {why}",
    "The DNS server does not want it. It is kept in the queue's file with .bad behind its name; what it asks for must be " +
      "done by hand.",
  ),
  DHCP_DDNS_REQUEST_DROPPED: debug(
    DebugLevel.trace,
    "request {id}: nothing to do: {what}",
    "No domains are configured for what it asks.",
  ),
  DHCP_DDNS_NO_FWD_MATCH_ERROR: error(
    "request {id} is refused: none of the forward domains holds the name: {what}",
    "Add the domain to forward-ddns, or set ddns-qualifying-suffix in the DHCP server.",
  ),
  DHCP_DDNS_NO_REV_MATCH_ERROR: error(
    "request {id} is refused: none of the reverse domains holds the address: {what}",
    "Add the domain to reverse-ddns.",
  ),
  DHCP_DDNS_REQUEST_SUPERSEDED: debug(
    DebugLevel.trace,
    "request {id} gives way to a newer one: {what}",
    "A request that still waited is not needed any more.",
  ),
  DHCP_DDNS_REQUEST_RETRY: warn(
    "request {id}: {what}: {why}; next try in {milliseconds} ms",
    "The DNS server refuses this request; others are served meanwhile. SIGHUP has it tried at once.",
  ),
});

export const dns = defineMessages("d2-to-dns", {
  DHCP_DDNS_UPDATE_REQUEST_SENT: debug(
    DebugLevel.detail,
    "update of {count} requests for zone {zone} sent to {server}",
    "One message, which may carry several requests.",
  ),
  DHCP_DDNS_UPDATE_RESPONSE_RECEIVED: debug(
    DebugLevel.detail,
    "zone {zone}: {server} answers {rcode}",
    "A genuine answer.",
  ),
  DHCP_DDNS_INVALID_RESPONSE: warn(
    "zone {zone}: an answer from {server} is not believed: {why}",
    "It is forged, damaged, or the keys of both sides differ. The right answer may still come.",
  ),
  DHCP_DDNS_SERVER_FAILED: warn(
    "zone {zone}: {server} does not take updates: {why}",
    "The next server of the zone is tried, if there is one.",
  ),
  DHCP_DDNS_ZONE_WAITS: error(
    "zone {zone} cannot be updated: {why}; {count} requests wait, next try in {milliseconds} ms",
    "They are kept on disk and tried until it works. Other zones are updated meanwhile.",
  ),
  DHCP_DDNS_ZONE_RECOVERED: info("zone {zone} is updated again; {count} requests wait", "Nothing was lost."),
});
