/** Why a packet gets no answer: a closed list. Each entry has its counter, its clause and words for the log. */
import type { DropEntry } from "@kotare/core/server/packets/report/report-names";
import type { statistics4 } from "@kotare/core/stats/statistics4";

export const dropReasons4 = {
  malformed: {
    statistic: "pkt4-parse-failed",
    clause: "RFC 2131 §2",
    words: "the message cannot be decoded",
  },
  "not-a-request": {
    statistic: "pkt4-rfc-violation",
    clause: "RFC 2131 §2",
    words: "op is not BOOTREQUEST: clients and relays send nothing else to servers",
  },
  "no-message-type": {
    statistic: "pkt4-rfc-violation",
    clause: "RFC 2131 §3",
    words: "there is no message type (option 53): a BOOTP client?",
  },
  "unknown-type": {
    // `pkt4-unknown-received` has counted it on its arrival.
    statistic: "pkt4-not-for-us",
    clause: "RFC 2132 §9.6",
    words: "the message type (option 53) is none that a server handles",
  },
  "unsupported-type": {
    statistic: "pkt4-rfc-violation",
    clause: "RFC 2131 §3.1",
    words: "only servers send this message type",
  },
  "no-client": {
    statistic: "pkt4-rfc-violation",
    clause: "RFC 2131 §4.2",
    words: "the client has neither a hardware address nor a client identifier",
  },
  "foreign-server": {
    statistic: "pkt4-not-for-us",
    clause: "RFC 2131 §4.3.2",
    words: "the server identifier (option 54) is another server's",
  },
  "not-our-address": {
    statistic: "pkt4-not-for-us",
    clause: "RFC 2131 §4.1",
    words: "it was sent to an address that is not ours",
  },
  "not-authenticated": {
    statistic: "pkt4-admin-filtered",
    clause: "RFC 3118 §5.6",
    words: "it has to be authenticated (option 90), and is not",
  },
  "bad-authentication": {
    statistic: "pkt4-admin-filtered",
    clause: "RFC 3118 §5.6.3",
    words: "its authentication (option 90) is wrong: the client may have another secret, or somebody else has sent it",
  },
  replayed: {
    statistic: "pkt4-admin-filtered",
    clause: "RFC 3118 §5.6.1",
    words: "its authentication (option 90) has been used before",
  },
  "class-drop": {
    statistic: "pkt4-admin-filtered",
    clause: "-",
    words: "the client is in class DROP",
  },
  "class-reject": {
    statistic: "pkt4-admin-filtered",
    clause: "-",
    words: "the client is in class REJECT, which gets no address",
  },
  "no-subnet": {
    statistic: "pkt4-not-for-us",
    clause: "RFC 2131 §4.3.1",
    words: "no configured subnet fits where it came from",
  },
  "unknown-client": {
    statistic: "pkt4-not-for-us",
    clause: "RFC 2131 §4.3.2",
    words: "a client in INIT-REBOOT that we do not know, and we are not authoritative",
  },
  "unknown-address": {
    statistic: "pkt4-not-for-us",
    clause: "RFC 2131 §4.3.2",
    words: "the address asked for is none of ours, and may be another server's",
  },
  "no-address": {
    statistic: "pkt4-processing-failed",
    clause: "RFC 2131 §4.3.1",
    words: "there is no address to offer",
  },
  "no-pool": {
    statistic: "pkt4-processing-failed",
    clause: "RFC 2131 §4.3.1",
    words: "there is no pool for the client",
  },
  "not-your-lease": {
    statistic: "pkt4-rfc-violation",
    clause: "RFC 2131 §4.3.3",
    words: "the client does not hold this lease",
  },
  "no-address-to-answer": {
    statistic: "pkt4-rfc-violation",
    clause: "RFC 2131 §4.3.5",
    words: "an INFORM without any address to which the answer could go",
  },
  "leasequery-not-allowed": {
    statistic: "pkt4-admin-filtered",
    clause: "RFC 4388 §7",
    words:
      "giaddr is none of the requesters of libdhcp_lease_query.so, there is no such hook, or it came through a relay or over DHCPv6",
  },
  "bad-leasequery": {
    statistic: "pkt4-rfc-violation",
    clause: "RFC 4388 §6.1",
    words: "it must ask by one of three: ciaddr, chaddr, option 61",
  },
  duplicate: {
    statistic: "pkt4-duplicate",
    clause: "RFC 2131 §4.1",
    words: "the same message is being answered already",
  },
  stale: {
    statistic: "pkt4-queue-full",
    clause: "RFC 2131 §4.1",
    words: "it waited longer than clients do: we are overloaded",
  },
  "too-large": {
    statistic: "pkt4-processing-failed",
    clause: "RFC 2132 §9.10",
    words: "the reply does not fit even without optional options",
  },
  "commit-failed": {
    statistic: "pkt4-processing-failed",
    clause: "RFC 2131 §3.1",
    words: "the lease could not be made durable, so it must not be acknowledged",
  },
  "service-disabled": {
    statistic: "pkt4-service-disabled",
    clause: "-",
    words: "the service is switched off: see the command dhcp-enable",
  },
  "parked-full": {
    statistic: "pkt4-queue-full",
    clause: "-",
    words: "more packets wait for extensions than parked-packet-limit allows, or more answers than there is room for",
  },
  "extension-drop": {
    statistic: "pkt4-admin-filtered",
    clause: "-",
    words: "an extension wants it so",
  },
  "extension-failed": {
    statistic: "pkt4-processing-failed",
    clause: "-",
    words: "an extension has a fault; see the log",
  },
  bug: {
    statistic: "pkt4-processing-failed",
    clause: "-",
    words: "our own fault",
  },
} as const satisfies Record<string, DropEntry<keyof typeof statistics4.global>>;

export type DropReason4 = keyof typeof dropReasons4;
