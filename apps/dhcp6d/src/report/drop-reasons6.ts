/** Why a packet gets no answer: a closed list. Each entry has its counter, its clause and words for the log. */
import type { DropEntry } from "@kotare/core/server/packets/report/report-names";
import type { statistics6 } from "@kotare/core/stats/statistics6";

export const dropReasons6 = {
  "unknown-type": {
    // `pkt6-unknown-received` has counted it on its arrival.
    statistic: undefined,
    clause: "RFC 8415 §16",
    words: "a server does not handle this message type",
  },
  "relay-reply": {
    statistic: "pkt6-rfc-violation",
    clause: "RFC 8415 §16.14",
    words: "a RELAY-REPL is for relays",
  },
  "no-client-id": {
    statistic: "pkt6-rfc-violation",
    clause: "RFC 8415 §16",
    words: "the client identifier (option 1) is missing",
  },
  "no-server-id": {
    statistic: "pkt6-rfc-violation",
    clause: "RFC 8415 §16",
    words: "the server identifier (option 2) is missing",
  },
  "unwanted-server-id": {
    statistic: "pkt6-rfc-violation",
    clause: "RFC 8415 §16",
    words: "there is a server identifier (option 2) where none may be",
  },
  "foreign-server": {
    statistic: "pkt6-not-for-us",
    clause: "RFC 8415 §16",
    words: "the server identifier (option 2) is another server's",
  },
  "repeated-id": {
    statistic: "pkt6-rfc-violation",
    clause: "RFC 8415 §21",
    words: "a client or server identifier comes more than once",
  },
  unicast: {
    statistic: "pkt6-rfc-violation",
    clause: "RFC 9915",
    words: "it must be sent to the multicast address, unless option 12 is configured and this type may be sent to us",
  },
  "class-drop": {
    statistic: "pkt6-admin-filtered",
    clause: "-",
    words: "the client is in class DROP",
  },
  "no-subnet": {
    statistic: "pkt6-not-for-us",
    clause: "RFC 8415 §18.3.3",
    words: "no configured subnet fits where it came from",
  },
  "nothing-to-confirm": {
    statistic: "pkt6-rfc-violation",
    clause: "RFC 8415 §18.3.3",
    words: "the CONFIRM names no address",
  },
  "unwanted-ia": {
    statistic: "pkt6-rfc-violation",
    clause: "RFC 8415 §16.12",
    words: "identity associations (options 3 and 25) have no place in the message",
  },
  "registration-off": {
    statistic: "pkt6-admin-filtered",
    clause: "-",
    words: "allow-address-registration is false",
  },
  "no-registered-state": {
    statistic: "pkt6-processing-failed",
    clause: "RFC 9686 §4.2.1",
    words:
      "the database cannot keep registered addresses, or is away: where its schema is older than Kea 3.0's, see db upgrade",
  },
  "not-one-address": {
    statistic: "pkt6-rfc-violation",
    clause: "RFC 9686 §4.2.1",
    words: "an ADDR-REG-INFORM has one address (option 5), outside of associations",
  },
  "not-its-address": {
    statistic: "pkt6-rfc-violation",
    clause: "RFC 9686 §4.2.1",
    words: "the address to register is not the one that the host has sent from",
  },
  "address-elsewhere": {
    statistic: "pkt6-not-for-us",
    clause: "RFC 9686 §4.2.1",
    words: "the address to register is of none of the link's subnets",
  },
  "address-reserved": {
    statistic: "pkt6-admin-filtered",
    clause: "-",
    words: "the address to register is reserved",
  },
  "address-leased": {
    statistic: "pkt6-not-for-us",
    clause: "RFC 9686 §4.2.1",
    words: "the address to register is leased, or set aside after a lease",
  },
  "no-dhcpv4-message": {
    statistic: "pkt6-rfc-violation",
    clause: "RFC 7341 §11",
    words: "the DHCPV4-QUERY has no DHCPv4 message in it",
  },
  "no-dhcpv4-server": {
    statistic: "pkt6-not-for-us",
    clause: "RFC 7341 §10",
    words: "dhcp4o6-port does not say where the DHCPv4 server is",
  },
  "leasequery-not-allowed": {
    statistic: "pkt6-admin-filtered",
    clause: "RFC 5007 §4.4.1",
    words:
      "the sender is none of the requesters of libdhcp_lease_query.so, there is no such hook, or it came through a relay",
  },
  "bad-leasequery": {
    statistic: "pkt6-rfc-violation",
    clause: "RFC 5007 §4.2.1",
    words: "the LEASEQUERY does not say what it asks for (option 44)",
  },
  duplicate: {
    statistic: "pkt6-duplicate",
    clause: "RFC 8415 §15",
    words: "the same message is being answered already",
  },
  "too-large": {
    statistic: "pkt6-processing-failed",
    clause: "RFC 8415 §5",
    words: "the reply fits into no datagram",
  },
  "commit-failed": {
    statistic: "pkt6-processing-failed",
    clause: "RFC 8415 §18.3",
    words: "the leases could not be made durable, so they must not be given",
  },
  "service-disabled": {
    statistic: "pkt6-service-disabled",
    clause: "-",
    words: "the service is switched off: see the command dhcp-enable",
  },
  "parked-full": {
    statistic: "pkt6-queue-full",
    clause: "-",
    words: "more packets wait for extensions than parked-packet-limit allows, or more answers than there is room for",
  },
  "extension-drop": {
    statistic: "pkt6-admin-filtered",
    clause: "-",
    words: "an extension wants it so",
  },
  "extension-failed": {
    statistic: "pkt6-processing-failed",
    clause: "-",
    words: "an extension has a fault; see the log",
  },
} as const satisfies Record<string, DropEntry<keyof typeof statistics6.global>>;

export type DropReason6 = keyof typeof dropReasons6;
