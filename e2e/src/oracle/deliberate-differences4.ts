/** Where dhcp4d answers otherwise than Kea 2.6.3 on purpose. Every entry has a reason; one that no longer differs fails. */
import { because, type Difference } from "./difference.ts";

/** Where what is too long goes, and the options that go there or are left out. */
const BEYOND_576 = [
  ...["sname", "file", "option 52"],
  ...[119, 137, 141, 143, 146, 159, 212, 213, 224, 225, 226, 227, 228].map((code) => `option ${code}`),
];

export const deliberateDifferences4: readonly Difference[] = [
  ...because(
    "RFC 2131 §4.1: without a relay a DHCPNAK is broadcast, to the broadcast MAC address too: the client must hear it " +
      "even where its address is wrong. Kea sends it to the frame's MAC address, and to ciaddr when there is one.",
    { exchange: "SELECTING: an address somebody holds", fields: ["frame.destinationMac"] },
    { exchange: "INIT-REBOOT: another address of the pool", fields: ["frame.destinationMac"] },
    { exchange: "INIT-REBOOT: an address of another network", fields: ["frame.destinationMac"] },
    { exchange: "INIT-REBOOT: somebody else's address", fields: ["frame.destinationMac"] },
    { exchange: "RENEWING: somebody else's address", fields: ["frame.destinationMac", "frame.destination"] },
    { exchange: "a stranger wants a reserved address", fields: ["frame.destinationMac"] },
    { exchange: "a NAK names the interface's address", fields: ["frame.destinationMac", "frame.destination"] },
    {
      exchange: "a lease ends and its address goes to the next, then back",
      fields: ["frame.destinationMac", "frame.destination"],
    },
    {
      scene: "match-client-id off",
      exchange: "one client-id on two network cards",
      step: "the other card renews",
      fields: ["frame.destinationMac", "frame.destination"],
    },
  ),
  ...because(
    "RFC 2131 §4.3.2: who has the address renews it, whatever number its subnet has been given since. Kea refuses until the " +
      "lease is over.",
    ...["RENEWING", "REBINDING"].map((exchange) => ({
      scene: "subnets: another number since",
      exchange,
      fields: ["ciaddr", "yiaddr", "option 1", "option 51", "option 53"],
    })),
    { scene: "subnets: another number since", exchange: "lease file", fields: ["subnetId"] },
  ),
  ...because("RFC 2131 table 3: a DHCPNAK should say why, in option 56. Kea does not.", {
    fields: ["reason of the NAK"],
  }),
  ...because("RFC 4702 §2.2: RCODE1 and RCODE2 are 255 in what a server sends. Kea sends what the client sent.", {
    fields: ["RCODEs of option 81"],
  }),
  ...because(
    "RFC 2131 §4.3.2: a DHCPNAK to a relay has the broadcast bit set, so that the relay broadcasts it; Kea does so from 3.3 on.",
    { exchange: "INIT-REBOOT: right, wrong and unknown", fields: ["flags"] },
    { exchange: "a NAK goes to the relay", fields: ["flags"] },
    { exchange: "a NAK names the interface's address", step: "relayed", fields: ["flags"] },
    { exchange: "a relay of no network, SELECTING us", fields: ["flags"] },
  ),
  ...because(
    "RFC 2131 §4.1: a message with ciaddr is answered by unicast to it, whatever the broadcast bit says. Kea sends it to " +
      "ciaddr in a broadcast frame.",
    { exchange: "REBINDING: the address held, broadcast flag set", fields: ["frame.destinationMac"] },
    { exchange: "INFORM with the broadcast flag", fields: ["frame.destinationMac"] },
  ),
  ...because(
    "RFC 2131 §4.3.1: an address offered is held for the client for a while, so that it gets the same one again. Kea " +
      "offers the next one each time.",
    { exchange: "DISCOVER sent twice", fields: ["yiaddr", "frame.destination"] },
    // The same client was offered an address a moment before.
    {
      scene: "broken options, lenient",
      exchange: "requested address too long",
      fields: ["yiaddr", "frame.destination"],
    },
  ),
  ...because(
    "A client gets an address of the subnet that was selected for it while there is one. Kea begins in the subnet of the " +
      "shared network that it used last.",
    { exchange: "another subnet of the network was used last", fields: ["yiaddr"] },
  ),
  ...because(
    "An authoritative server tells a client at once that its address is not valid here, in every state. Kea does so in " +
      "INIT-REBOOT only and lets the others time out.",
    { scene: "states, authoritative", exchange: "SELECTING: an address outside the pool", fields: ["answers"] },
    { scene: "no subnet for the clients", exchange: "RENEWING", fields: ["answers"] },
    { scene: "states, authoritative", exchange: "RENEWING: a client without a lease", fields: ["answers"] },
    { scene: "states, authoritative", exchange: "REBINDING: an address of another network", fields: ["answers"] },
  ),
  ...because(
    "RFC 2131 §4.3.2: a client that we do not know and that does not name us may be another server's, where we know " +
      "nothing of its network. Kea refuses it.",
    { exchange: "a relay of no network, REBINDING", fields: ["answers"] },
    { exchange: "a relay of no network, nothing wanted", fields: ["answers"] },
    { scene: "refusals, authoritative", exchange: "a relay of no network, INIT-REBOOT", fields: ["answers"] },
  ),
  ...because(
    "RFC 2131 §4.3.5: an INFORM is answered with what is configured where the client is. Kea sends an ACK with nothing in it " +
      "where that is no network of its own, and the client then waits for no other server.",
    { scene: "no subnet for the clients", exchange: "INFORM", fields: ["answers"] },
  ),
  ...because("`never-send` is kept. Kea sends routers, name servers and the domain name all the same.", {
    scene: "option scopes",
    exchange: "another pool",
    fields: ["option 6"],
  }),
  ...because(
    "RFC 2131 table 3: an INFORM is not answered with a lease time; RFC 6842 §3, RFC 4702 §4: a client identifier and an FQDN " +
      "are answers to the client's. Kea sends what is configured.",
    { exchange: "configured for a lease", fields: ["option 61", "option 81"] },
    { exchange: "configured for INFORM", fields: ["option 51", "option 61", "option 81"] },
  ),
  ...because(
    "RFC 5107 §4: the address of sub-option 11 is the server identifier in the reply. Kea takes it from clients but sends its own.",
    { exchange: "82.11 makes the relay the server that clients see", fields: ["option 54"] },
  ),
  ...because(
    "RFC 3046 §2.2: option 82 comes back as it came. Kea sorts its sub-options and leaves an empty one out.",
    { exchange: "sub-options nobody knows come back", fields: ["option 82"] },
    { exchange: "an empty option 82", fields: ["option 82"] },
  ),
  ...because(
    "RFC 2131 §2: op is 1 in what clients send; a server must not answer the answers of others. Kea does not look at it.",
    { exchange: "a reply sent to the server", fields: ["answers"] },
    { exchange: "op 0", fields: ["answers"] },
    { exchange: "op 9", fields: ["answers"] },
  ),
  ...because("RFC 2131 §2: chaddr has 16 bytes, so no hardware address has 17. Kea answers.", {
    exchange: "hardware length 17",
    fields: ["answers"],
  }),
  ...because(
    "RFC 2131 §4.1, RFC 2132 §9.3: options in sname count as those in file do. Kea reads those in file only.",
    { exchange: "options in sname", fields: ["option 12"] },
    { exchange: "options in both", fields: ["option 12"] },
  ),
  ...because(
    "RFC 3396 §5: an option in several parts is one option. Kea loses sight of it then, or takes the first part for all.",
    { exchange: "host name twice", fields: ["option 12"] },
    { exchange: "message type twice", fields: ["answers"] },
    {
      exchange: "a list of wanted options in two parts (RFC 3396)",
      fields: ["option 42"],
    },
  ),
  ...because(
    "RFC 2132 §9.8: a list has at least one code; a broken list costs the list, not the lease. Kea drops the message.",
    { exchange: "an empty list", fields: ["answers"] },
  ),
  ...because(
    "A lease without end has no time at which to renew. Kea sends T1 and T2 as if 0xffffffff were a number of seconds.",
    { scene: "lifetimes, infinite", exchange: "the client wants none", fields: ["option 58", "option 59"] },
    { scene: "lifetimes, infinite", exchange: "the client wants 0 s", fields: ["option 58", "option 59"] },
    { scene: "lifetimes, infinite", exchange: "the client wants 100 s", fields: ["option 58", "option 59"] },
  ),
  ...because(
    "RFC 2131 §4.1, RFC 2132 §9.10: a reply that would be longer than the client takes (576 bytes by default, " +
      "never less) goes on in file and sname. Kea sends more than the client said it can receive.",
    { exchange: "maximum message size 576", fields: BEYOND_576 },
    { exchange: "maximum message size 300, less than allowed", fields: BEYOND_576 },
  ),
  ...because(
    "`lenient-option-parsing` is taken at its word: a broken option counts as absent, and its client is served. Kea's " +
      "leniency is for some options only; others still cost the message.",
    ...[
      "requested address too short",
      "empty requested address",
      "empty client identifier",
      "client identifier of one byte",
      "maximum message size of one byte",
      "server identifier too short",
      "short FQDN",
      "subnet selection too short",
    ].map((exchange) => ({ scene: "broken options, lenient", exchange, fields: ["answers"] })),
  ),
  ...because(
    "RFC 3046 §2.1: a relay's broken sub-option is the relay's fault, and costs itself, not the client's service. Kea drops " +
      "the message.",
    { exchange: "82.5 is too short", fields: ["answers"] },
    { exchange: "82.19 is too short", fields: ["answers"] },
  ),
  ...because(
    "RFC 1035 §3.1: the root is no host's name. A client that sends it is given one, as if it had sent none; Kea makes a " +
      "record of the root.",
    ...["names", "names, no suffix"].flatMap((scene) => [
      { scene, exchange: "FQDN of the root", fields: ["option 81", "fqdn", "dhcid"] },
      { scene, exchange: "lease file", step: "10.0.0.25", fields: ["hostname"] },
    ]),
  ),
  ...because(
    "A host name of which a whole label is taken away is none (CVE-2025-11232; Kea from 3.1.3 on). Kea 2.6 takes the " +
      "suffix itself for the client's name, or one with an empty label.",
    { scene: "names, unclean", exchange: "host name of none but such characters", fields: ["option 12", "answers"] },
    { scene: "names, unclean", exchange: "host name, a label of none but such characters", fields: ["option 12"] },
    { scene: "names, unclean", exchange: "lease file", step: "10.0.0.12", fields: ["hostname"] },
    { scene: "names, unclean", exchange: "lease file", step: "10.0.0.13", fields: ["hostname"] },
  ),
  ...because(
    "A reserved name that ends in a dot is complete as it stands (Kea from 3.1.1 on). Kea 2.6 appends the suffix.",
    { exchange: "reserved name that is complete", fields: ["option 12", "fqdn", "dhcid"] },
    { scene: "names, reserved", exchange: "lease file", step: "10.0.0.15", fields: ["hostname"] },
  ),
  ...because(
    "A name goes when its client gives the address back. Kea 2.6 leaves it in the DNS until the address goes to somebody " +
      "else, or is reclaimed.",
    { exchange: "by hardware address: releases", fields: ["answers"] },
    { exchange: "by client identifier: releases", fields: ["answers"] },
    { exchange: "by DUID: releases", fields: ["answers"] },
    { exchange: "by hardware address: bound again", fields: ["answers"] },
    { exchange: "by client identifier: bound again", fields: ["answers"] },
    { exchange: "by DUID: bound again", fields: ["answers"] },
  ),
  ...because(
    "A removal has no time to live: the field says what that of the records would be at the address now.",
    { exchange: "by hardware address: declines", fields: ["lease-length"] },
    { exchange: "by client identifier: declines", fields: ["lease-length"] },
    { exchange: "by DUID: declines", fields: ["lease-length"] },
  ),
  ...because(
    "A name that stays is not taken out of the DNS in between: adding it again makes its records new.",
    { scene: "names, life, updated on renewal", exchange: "by hardware address: renews", fields: ["answers"] },
    { scene: "names, life, updated on renewal", exchange: "by client identifier: renews", fields: ["answers"] },
    { scene: "names, life, updated on renewal", exchange: "by DUID: renews", fields: ["answers"] },
  ),
];
