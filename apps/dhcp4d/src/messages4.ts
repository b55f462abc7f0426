/** Everything that dhcp4d says in its log. Ids and levels are Kea's where Kea knows the event. */

import { debug, defineMessages, error, fatal, info, warn } from "@kotare/core/log/catalogue";
import { DebugLevel } from "@kotare/core/log/levels";

/** `{client}` is `[hwtype=1 1a:1b:1c:1d:1e:1f], cid=[…], tid=0x…`, as in Kea. */
export const packets = defineMessages("packets", {
  DHCP4_PACKET_RECEIVED: info(
    "{client}: {type} received from {source:ipv4}:{port} to {destination:ipv4} on {interface}",
    "A message arrived and could be decoded.",
  ),
  DHCP4_PACKET_SEND: info(
    "{client}: sending {type} to {destination:ipv4}:{port} on {interface}",
    "A reply leaves; its lease, if it has one, is on disk.",
  ),
  DHCP4_QUERY_DATA: debug(DebugLevel.packetData, "{client}: {packet}", "The whole message, option by option."),
  DHCP4_RESPONSE_DATA: debug(DebugLevel.packetData, "{client}: {packet}", "The whole reply, option by option."),
});

export const main = defineMessages("dhcp4", {
  DHCP4_STARTING: info("dhcp4d {version} starts with process id {pid}", "The daemon begins to start."),
  DHCP4_STARTED: info("dhcp4d {version} serves: {interfaces}", "The daemon is up; leases are loaded."),
  DHCP4_NOT_SERVING: error(
    "no interface can be served: {why}",
    "The daemon runs but no client can reach it. It keeps trying; the reason says what to mend.",
  ),
  DHCP4_CONFIG_COMPLETE: info("configuration {file} is in force: {subnets} subnets", "Configured and serving by it."),
  DHCP4_CONFIG_LOAD_FAIL: error(
    "configuration not taken: {error}",
    "The file has faults. At a reload the configuration before stays in force; at start the daemon leaves.",
  ),
  DHCP4_CONFIG_PART_LEFT_OUT: error(
    "left out, the rest is served: {error}",
    "At a start only: the named part of the configuration is wrong and has no effect until it is mended and reloaded.",
  ),
  DHCP4_LEASE_DATABASE_KEPT: warn(
    "lease-database has changed: that takes effect with a restart; until then leases go where they went before",
    "Restart the daemon when it suits. To keep the leases, move the lease file along while it is stopped.",
  ),
  DHCP4_CONFIG_NOTE: warn("configuration: {note}", "Something in the file works differently from Kea, or is odd."),
  DHCP4_DYNAMIC_RECONFIGURATION: info(
    "reloading {file} on SIGHUP",
    "Service goes on by the old configuration meanwhile.",
  ),
  DHCP4_SHUTDOWN: info("dhcp4d stops", "Packets in flight are finished, then the daemon leaves."),
  DHCP4_SHUTDOWN_REQUEST: debug(DebugLevel.start, "{signal} asks to stop", "A signal ends the daemon."),
  DHCP4_QUERY_LABEL: info("received query: {client}", "By this label a client is named in all lines about its packet."),
  DHCP4_OPEN_SOCKET: info("serving interface {interface} at {addresses}", "The interface is up and has an address."),
  DHCP4_SOCKET_LOST: warn("not serving interface {interface}: {why}", "Watched: service resumes by itself."),
  DHCP4_OPEN_SOCKETS_FAILED: error(
    "cannot serve interface {interface}: {error}",
    "The daemon keeps trying with growing pauses. Is another DHCP server running there, or a capability missing?",
  ),
  DHCP4_CLOCK_BEHIND: warn(
    "the system clock is {seconds} s behind the newest leases; time goes on from these",
    "The host booted without a clock, or it was put back. No lease gets longer by that.",
  ),
  DHCP4_CLOCK_JUMP: warn(
    "the system clock jumped forward by {seconds} s; remaining lifetimes are kept",
    "Clients count their leases by their own clocks, so no lease ends earlier because ours was set.",
  ),
});

export const bad = defineMessages("bad-packets", {
  DHCP4_PACKET_DROP: debug(
    DebugLevel.drop,
    "{client} from {source:ipv4} on {interface}: dropped, {reason}: {words} ({clause}) {detail}",
    "A packet gets no answer; the reason also has a statistic.",
  ),
  DHCP4_PACKET_DROP_0001: debug(
    DebugLevel.drop,
    "packet of {length} bytes from {source:ipv4} on {interface} cannot be decoded: {error}",
    "The bytes are no DHCP message, or an option that decides about it is broken.",
  ),
  DHCP4_PACKET_DROP_0007: error(
    "packet from {source:ipv4} on {interface} met a fault of ours: {error}; packet {packet:hex}",
    "Please report this line. The daemon goes on with the next packet.",
  ),
  DHCP4_PACKET_NOT_SERVED: debug(
    DebugLevel.detail,
    "packet from {source:ipv4} on interface number {ifindex}, which is not served",
    "The interface is not in interfaces-config, or cannot be served at the moment.",
  ),
  DHCP4_REPLY_TOO_LARGE: warn(
    "{client}: options {codes} found no room in a reply of {limit} bytes",
    "The client's maximum message size (option 57) or the link's MTU leaves no room.",
  ),
  DHCP4_PACKET_SEND_FAIL: error(
    "{client}: sending to {destination:ipv4} failed: {error}",
    "The kernel refused the packet.",
  ),
});

export const leases = defineMessages("leases", {
  DHCP4_LEASE_OFFER: info("{client}: lease {address:ipv4} will be offered{name}", "An OFFER is on its way."),
  DHCP4_LEASE_ALLOC: info(
    "{client}: lease {address:ipv4} has been allocated for {lifetime} seconds in subnet {subnet}{name}",
    "The lease is durable and its ACK on its way.",
  ),
  DHCP4_LEASE_REUSE: info(
    "{client}: lease {address:ipv4} confirmed for the {lifetime} seconds left{name}",
    "The lease is young (cache-threshold), so nothing was written.",
  ),
  DHCP4_RELEASE: info("{client}: lease {address:ipv4} released{name}", "The client gave its address back."),
  DHCP4_DECLINE_LEASE: info(
    "{client}: {address:ipv4} is in use by somebody else; not given out for {seconds} seconds{name}",
    "The client found its address taken. Look for a host with a fixed address inside a pool.",
  ),
  DHCP4_INIT_REBOOT: info("{client}: in INIT-REBOOT, asks for {address:ipv4}", "The client checks its old address."),
  DHCP4_NAK: info("{client}: may not have {address:ipv4}", "The client will begin anew with a DISCOVER."),
  ALLOC_ENGINE_V4_DISCOVER_ADDRESS_CONFLICT: warn(
    "{client}: its reserved address {address:ipv4} is held by somebody else",
    "The client gets another address until the holder's lease ends.",
  ),
  DHCP4_LEASE_COMMIT_FAILED: error(
    "leases could not be written: {error}; {count} replies not sent",
    "Clients retry by themselves. Nothing is acknowledged that is not on disk.",
  ),
});

export const upkeep = defineMessages("alloc-engine", {
  ALLOC_ENGINE_V4_LEASES_RECLAIMED: debug(DebugLevel.trace, "{count} expired leases reclaimed", "Done beside service."),
  ALLOC_ENGINE_V4_ALLOC_FAIL: warn(
    "{client}: no address for it in subnet {subnet}",
    "The pools are full, or there are none. Enlarge them or shorten the lifetime.",
  ),
});

export const startup = defineMessages("", {
  DHCP4_START_FAILED: fatal("dhcp4d cannot start: {error}", "The error says what to mend."),
});

export const leaseFile = defineMessages("dhcpsrv", {
  DHCPSRV_MEMFILE_LEASE_FILE_LOAD: info(
    "{rows} rows read from {file}, {badRows} of them bad",
    "Bad rows are kept aside in a file beside it.",
  ),
  DHCPSRV_MEMFILE_LEASE_LOAD_ROW_ERROR: error(
    "{file}:{line}: {what}",
    "The row is no lease. It is kept in FILE.bad; mend it there and put it back, or delete it.",
  ),
  DHCPSRV_MEMFILE_TORN_LINE: warn(
    "{file}:{line}: the last line has no end and is dropped",
    "A crash cut the write short; nobody was told of that lease.",
  ),
  DHCPSRV_LEASE_SANITY_FAIL: warn(
    "lease {address} has subnet id {subnet} but lies in subnet {expected}: {action}",
    "Were subnet ids changed? sanity-checks.lease-checks says what is done about it.",
  ),
  DHCPSRV_MEMFILE_LFC_START: info("rewriting the lease file ({bytes} bytes) beside service", "It has grown."),
  DHCPSRV_MEMFILE_LFC_EXECUTE: info("lease file rewritten: {bytes} bytes, {milliseconds} ms", "One row a lease again."),
  DHCPSRV_MEMFILE_LFC_FAILED: error(
    "lease file not rewritten: {error}",
    "Service goes on with the file as it is. It is tried again when the file has grown further.",
  ),
  DHCPSRV_MEMFILE_WRITE_FAILED: error(
    "lease file cannot be written: {error}; no lease is acknowledged, next try in {milliseconds} ms",
    "Is the disk full, read-only or broken? Service resumes by itself as soon as writing works.",
  ),
  DHCPSRV_MEMFILE_WRITE_RECOVERED: info("lease file can be written again", "Leases are acknowledged again."),
  DHCPSRV_MEMFILE_OPEN_FAILED: error(
    "lease file {file} cannot be opened: {error}; next try in {seconds} s",
    "Nobody is served before the leases are known. Make the folder exist and writable for the daemon's user.",
  ),
});
