/** Everything that dhcp4d says in its log. Ids and levels are Kea's where Kea knows the event. */
import { defineLifeMessages } from "@kotare/core/daemon/life-messages";
import { debug, defineMessages, error, info, warn } from "@kotare/core/log/catalogue";
import { DebugLevel } from "@kotare/core/log/levels";
import { defineServerMessages } from "@kotare/core/server/messages";
import { defineClassMessages } from "@kotare/core/server/packets/report/class-reporter";

/** `{client:label}` is `[hwtype=1 1a:1b:1c:1d:1e:1f], cid=[…], tid=0x…`, as in Kea. */
export const packets4 = defineMessages("packets", {
  DHCP4_PACKET_RECEIVED: info(
    "{client:label}: {type} received from {source:ipv4}:{port} to {destination:ipv4} on {interface}",
    "A message arrived and could be decoded.",
  ),
  DHCP4_PACKET_SEND: info(
    "{client:label}: sending {type} to {destination:ipv4}:{port} on {interface}",
    "A reply leaves; its lease, if it has one, is on disk.",
  ),
  DHCP4_QUERY_DATA: debug(DebugLevel.packetData, "{client:label}: {packet}", "The whole message, option by option."),
  DHCP4_RESPONSE_DATA: debug(DebugLevel.packetData, "{client:label}: {packet}", "The whole reply, option by option."),
});

export const life4 = defineLifeMessages("dhcp4", "DHCP4_");
export const server4 = defineServerMessages("dhcp4", 4);
export const classes4 = defineClassMessages(4);

export const labels4 = defineMessages("dhcp4", {
  DHCP4_QUERY_LABEL: info(
    "received query: {client:label}",
    "All lines about the packet name its client by this label.",
  ),
});

export const bad4 = defineMessages("bad-packets", {
  DHCP4_PACKET_DROP: debug(
    DebugLevel.drop,
    "{client:label} from {source:ipv4} on {interface}: dropped, {reason}: {words} ({clause}) {detail}",
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
    "{client:label}: options {codes} found no room in a reply of {limit} bytes",
    "The client's maximum message size (option 57) or the link's MTU leaves no room.",
  ),
  DHCP4_PACKET_SEND_FAIL: error(
    "{client:label}: sending to {destination:ipv4} failed: {error}",
    "The kernel refused the packet.",
  ),
});

export const leases4 = defineMessages("leases", {
  DHCP4_LEASE_OFFER: info("{client:label}: lease {address:ipv4} will be offered{name:host}", "An OFFER is on its way."),
  DHCP4_LEASE_ALLOC: info(
    "{client:label}: lease {address:ipv4} has been allocated for {lifetime} seconds in subnet {subnet}{name:host}",
    "The lease is durable and its ACK on its way.",
  ),
  DHCP4_LEASE_REUSE: info(
    "{client:label}: lease {address:ipv4} confirmed for the {lifetime} seconds left{name:host}",
    "The lease is young (cache-threshold), so nothing was written.",
  ),
  DHCP4_RELEASE: info("{client:label}: lease {address:ipv4} released{name:host}", "The client gave its address back."),
  DHCP4_DECLINE_LEASE: info(
    "{client:label}: {address:ipv4} is in use by somebody else; not given out for {seconds} seconds{name:host}",
    "The client found its address taken. Look for a host with a fixed address inside a pool.",
  ),
  DHCP4_SERVER_INITIATED_DECLINE: info(
    "{client:label}: {address:ipv4}, which was to be offered, is in use by somebody else; not given out for {seconds} seconds",
    "ping_check has found it taken. Look for a host with a fixed address inside a pool. The client asks again.",
  ),
  DHCP4_INIT_REBOOT: info(
    "{client:label}: in INIT-REBOOT, asks for {address:ipv4}",
    "The client checks its old address.",
  ),
  DHCP4_NAK: info("{client:label}: may not have {address:ipv4}", "The client will begin anew with a DISCOVER."),
  ALLOC_ENGINE_V4_DISCOVER_ADDRESS_CONFLICT: warn(
    "{client:label}: its reserved address {address:ipv4} is held by somebody else",
    "The client gets another address until the holder's lease ends.",
  ),
  DHCP4_LEASE_COMMIT_FAILED: error(
    "leases could not be written: {error}; {count} replies not sent",
    "Clients retry by themselves. Nothing is acknowledged that is not on disk.",
  ),
});

export const summons4 = defineMessages("dhcp4", {
  DHCP4_CALL_ON_CHANGE: info(
    "the clients of {subnets} subnets are called, as the configuration there has changed",
    "call-on-change is true. Ten clients a second are called, of those that can be.",
  ),
  DHCP4_FORCERENEW_SENT: info(
    "DHCPFORCERENEW sent to {address:ipv4} on {interface}",
    "The client is asked to renew. The message is sent again until it does.",
  ),
  DHCP4_FORCERENEW_UNHEARD: warn(
    "the client at {address:ipv4} has not come, although DHCPFORCERENEW was sent to it eight times",
    "The client may be gone, may have lost its nonce in a restart, or something on the way drops the messages. It learns " +
      "what has changed when it renews.",
  ),
  DHCP4_FORCERENEW_FAILED: error(
    "sending DHCPFORCERENEW to {address:ipv4} failed: {error}",
    "The kernel refused the packet. It is tried again.",
  ),
  DHCP4_SECRET_FILE_UNUSABLE: warn(
    "the file with the secret for DHCPFORCERENEW, {file}, cannot be used: {error}",
    "After a restart clients do not know our messages until they have come by themselves. Make the file readable for us " +
      "alone and its folder writable, or remove it.",
  ),
  DHCP4_REPLAY_FILE_UNUSABLE: warn(
    "the file with the numbers that clients have signed, {file}, cannot be used: {error}",
    "After a restart an old message of a client without a lease would count again. Make the file readable for us alone and " +
      "its folder writable, or remove it.",
  ),
});

export const allocation4 = defineMessages("alloc-engine", {
  ALLOC_ENGINE_V4_ALLOC_FAIL: warn(
    "{client:label}: no address for it in subnet {subnet}",
    "The pools are full, or there are none. Enlarge them or shorten the lifetime.",
  ),
  ALLOC_ENGINE_V4_ALLOC_FAIL_CLASSES: warn(
    "{client:label}: no address for a client in the classes {classes}",
    "Where the pools are for some classes only, one of these should be among them, and its pool large enough.",
  ),
});
