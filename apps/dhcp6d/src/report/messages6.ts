/** Everything that dhcp6d says in its log. Ids and levels are Kea's where Kea knows the event. */
import { defineLifeMessages } from "@kotare/core/daemon/life-messages";
import { Option6 } from "@kotare/core/dhcp6/option6";
import { debug, defineMessages, error, info, warn } from "@kotare/core/log/catalogue";
import { DebugLevel } from "@kotare/core/log/levels";
import { defineServerMessages } from "@kotare/core/server/messages";
import { defineClassMessages } from "@kotare/core/server/packets/report/class-reporter";

export const life6 = defineLifeMessages("dhcp6", "DHCP6_");
export const server6 = defineServerMessages("dhcp6", 6);
export const classes6 = defineClassMessages(6);

export const sockets6 = defineMessages("dhcp6", {
  DHCP6_RING_MISSING: warn(
    "packets come through UDP sockets only: {error}",
    "Bursts may be lost, and a client's hardware address is known only where options tell it (mac-sources). " +
      "Give the daemon CAP_NET_RAW.",
  ),
  DHCP6_GROUP_LOST: error("the servers' group cannot be joined again: {error}", "Direct clients are not heard there."),
  DHCP6_ADDRESS_LOST: warn(
    "messages to an address of ours are not heard: {error}",
    "Only the portable transport has a socket for each address. Tried again each second: somebody else may have the address.",
  ),
});

export const serverDuid = defineMessages("dhcp6", {
  DHCP6_USING_SERVERID: info("our own DUID is {duid:hex}", "Clients recognise their server by it."),
  DHCP6_SERVERID_FILE_UNUSABLE: warn(
    "the file with our own DUID, {file}, cannot be used: {error}",
    "After a restart clients may take us for another server and rebind. Make the file readable and its folder writable.",
  ),
});

/** `{client:label}` is `duid=[00:01:…], tid=0x…`, as in Kea. */
export const packets6 = defineMessages("packets", {
  DHCP6_PACKET_RECEIVED: info(
    "{client:label}: {type} received from {source:ipv6} to {destination:ipv6} on {interface}",
    "A message arrived and could be decoded.",
  ),
  DHCP6_PACKET_SEND: info(
    "{client:label}: sending {type} to {destination:ipv6} port {port} on {interface}",
    "A reply leaves; its leases, if it has any, are on disk.",
  ),
  DHCP6_DHCP4O6_PACKET_PASSED_ON: debug(
    DebugLevel.packetData,
    "{client:label}: the DHCPv4 message in it is passed on to the DHCPv4 server",
    "The DHCPv4 server answers it; it tells so itself.",
  ),
  DHCP6_QUERY_DATA: debug(DebugLevel.packetData, "{client:label}: {packet}", "The whole message, option by option."),
});

export const labels6 = defineMessages("dhcp6", {
  DHCP6_QUERY_LABEL: info(
    "received query: {client:label}",
    "All lines about the packet name its client by this label.",
  ),
});

export const bad6 = defineMessages("bad-packets", {
  DHCP6_PACKET_DROP: debug(
    DebugLevel.drop,
    "{client:label} from {source:ipv6} on {interface}: dropped, {reason}: {words} ({clause}) {detail}",
    "A packet gets no answer; the reason also has a statistic.",
  ),
  DHCP6_PACKET_DROP_PARSE_FAIL: debug(
    DebugLevel.drop,
    "packet of {length} bytes from {source:ipv6} on {interface} cannot be decoded: {error}",
    "The bytes are no DHCPv6 message, or an option that decides about it is broken.",
  ),
  DHCP6_PACKET_PROCESS_EXCEPTION: error(
    "packet from {source:ipv6} on {interface} met a fault of ours: {error}; packet {packet:hex}",
    "Please report this line. The daemon goes on with the next packet.",
  ),
  DHCP6_PACKET_NOT_SERVED: debug(
    DebugLevel.detail,
    "packet on interface number {ifindex}, which is not served",
    "The interface is not in interfaces-config, or cannot be served at the moment.",
  ),
  DHCP6_PACKET_SEND_FAIL: error(
    "{client:label}: sending to {destination:ipv6} failed: {error}",
    "The kernel refused the packet.",
  ),
});

/** What becomes of an association, with one id for addresses and one for prefixes. */
const associationDrafts = {
  LEASE_ADVERT: info(
    "{client:label}: {lease:prefix} for iaid {iaid} will be advertised{name:host}",
    "An ADVERTISE is on its way.",
  ),
  LEASE_ALLOC: info(
    "{client:label}: {lease:prefix} for iaid {iaid} given for {lifetime} seconds in subnet {subnet}{name:host}",
    "The lease is durable and its REPLY on its way.",
  ),
  LEASE_REUSE: info(
    "{client:label}: {lease:prefix} for iaid {iaid} confirmed for the {lifetime} seconds left{name:host}",
    "The lease is young (cache-threshold), so nothing was written.",
  ),
  LEASE_ADVERT_FAIL: warn(
    "{client:label}: nothing to advertise for iaid {iaid}: {why}",
    "The pools are full, or there are none for this kind of association.",
  ),
  LEASE_ALLOC_FAIL: warn(
    "{client:label}: nothing to give for iaid {iaid}: {why}",
    "The pools are full, or there are none for this kind of association.",
  ),
};

export const association6 = {
  [Option6.iaNa]: defineMessages("leases", associationDrafts, "DHCP6_"),
  [Option6.iaPd]: defineMessages("leases", associationDrafts, "DHCP6_PD_"),
};

export const allocation6 = defineMessages("alloc-engine", {
  ALLOC_ENGINE_V6_ALLOC_FAIL_CLASSES: warn(
    "{client:label}: nothing to lease to a client in the classes {classes}",
    "Where the pools are for some classes only, one of these should be among them, and its pool large enough.",
  ),
});

const released = info("{client:label}: {lease:prefix} for iaid {iaid} released{name:host}", "The client gave it back.");

export const leases6 = defineMessages("leases", {
  DHCP6_RELEASE_NA: released,
  DHCP6_RELEASE_PD: released,
  DHCP6_DECLINE_LEASE: info(
    "{client:label}: {lease:prefix} is in use by somebody else; not given out for {seconds} seconds{name:host}",
    "The client found its address taken. Look for a host with a fixed address inside a pool.",
  ),
  DHCP6_ADDRESS_REGISTERED: info(
    "{client:label}: registers {lease:prefix} for {lifetime} seconds{name:host}",
    "The host has chosen the address itself (RFC 9686); the lease file says so.",
  ),
  DHCP6_ADDR_REG_INFORM_CLIENT_CHANGE: info(
    "{client:label}: {lease:prefix} was registered by another client, {former:hex}",
    "A host has a new DUID, or two hosts have one address.",
  ),
  DHCP6_LEASE_COMMIT_FAILED: error(
    "leases could not be written: {error}; {count} replies not sent",
    "Clients retry by themselves. Nothing is given that is not on disk.",
  ),
});

export const summons6 = defineMessages("dhcp6", {
  DHCP6_CALL_ON_CHANGE: info(
    "the clients of {subnets} subnets are called, as the configuration there has changed",
    "call-on-change is true. Ten clients a second are called, of those that can be.",
  ),
  DHCP6_RECONFIGURE_SENT: info(
    "RECONFIGURE sent to {duid:hex} by way of {destination:ipv6} on {interface}",
    "The client is asked to come back. The message is sent again until it does.",
  ),
  DHCP6_RECONFIGURE_UNHEARD: warn(
    "{duid:hex} has not come back, although RECONFIGURE was sent to it eight times",
    "The client may be gone, may have lost its key in a restart, or something on the way drops the messages. It learns " +
      "what has changed when it renews.",
  ),
  DHCP6_RECONFIGURE_FAILED: error(
    "sending RECONFIGURE to {duid:hex} failed: {error}",
    "The kernel refused the packet. It is tried again.",
  ),
  DHCP6_SECRET_FILE_UNUSABLE: warn(
    "the file with the secret for RECONFIGURE, {file}, cannot be used: {error}",
    "After a restart clients do not know our messages until they have come by themselves. Make the file readable for us " +
      "alone and its folder writable, or remove it.",
  ),
});

export const routes6 = defineMessages("dhcp6", {
  DHCP6_PD_ROUTES_REPLAYED: info(
    "the leases ask for {count} routes to delegated prefixes",
    "Routes of an earlier run that no lease asks for any more are removed now.",
  ),
  DHCP6_PD_ROUTE_SET: debug(DebugLevel.trace, "route {route} is set", "The kernel has the route to the prefix."),
  DHCP6_PD_ROUTE_REMOVED: debug(DebugLevel.trace, "route {route} is removed", "The lease of the prefix has ended."),
  DHCP6_PD_ROUTES_REFUSED: error(
    "{count} routes to delegated prefixes could not be set or removed, such as {example}",
    "Tried again at growing pauses and when an interface changes. EPERM: the process needs CAP_NET_ADMIN. EHOSTUNREACH: " +
      "the relay is no neighbour on that interface; switch pd-routes off there and let the routers on the way see to it.",
  ),
  DHCP6_PD_ROUTES_COMPLETE: info(
    "all {count} routes to delegated prefixes are in the kernel",
    "What the kernel had refused has been done since.",
  ),
});
