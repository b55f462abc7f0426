/** Where dhcp6d answers otherwise than Kea 2.6.3 on purpose. Every entry has a reason; one that no longer differs fails. */
import { because, type Difference } from "./difference.ts";

const OVERFLOW = "full subnets overflow into the next one, and then nobody is served";
/** Of the scenes about what becomes of names. */
const LIVES = ["renews", "rebinds"];
/** All that is compared of a lease: one of the two has none there. */
const LEASE = "hwaddr clientId iaid preferredLifetime validLifetime expire subnetId hostname state userContext".split(
  " ",
);
const UPDATER = "requests to the DNS updater";
const NETWORK = "networks: what leases of the second subnet bring";
/** What the scene's subnets give beside leases. */
const BROUGHT = ["IA_NA 1", "IA_NA 2", "IA_PD 1", ...[21, 23, 24, 31, 41, 59].map((code) => `option ${code}`)];

export const deliberateDifferences6: readonly Difference[] = [
  ...because(
    "RFC 8168 §3.2: where a prefix of the length asked for is not to be had, one of the nearest length is given. Kea " +
      "takes the first pool of any shorter length.",
    {
      exchange: "an address of the first pool, of no pool's length",
      fields: ["IA_PD 1 2001:db8:8000:440::/56", "IA_PD 1 2001:db8:9000:30::/60"],
    },
    { exchange: "a longer length", fields: ["IA_PD 1 2001:db8:8000:400::/56", "IA_PD 1 2001:db8:9000:20::/60"] },
  ),
  ...because(
    "RFC 8415 §18.3.1: one address or prefix is advertised to one association. Kea advertises it to both.",
    {
      exchange: "SOLICIT of one address for two associations",
      fields: [
        ...["IA_NA 2 2001:db8::10e", "IA_PD 2 2001:db8:8000:e00::/56"],
        ...["IA_NA 2 2001:db8::14", "IA_PD 2 2001:db8:8000:400::/56"],
      ],
    },
    {
      exchange: "one of two associations gets something",
      step: "SOLICIT",
      fields: [
        ...["IA_NA 2", "IA_NA 2 2001:db8::10", "IA_NA 2 status"],
        ...["IA_PD 2", "IA_PD 2 2001:db8:8000::/56", "IA_PD 2 status"],
      ],
    },
  ),
  ...because(
    "RFC 8415 §4.2: an IAID is unique among a client's associations of a type, so what comes twice is one association. " +
      "Kea answers both and gives an address to each.",
    { exchange: "SOLICIT with an IAID twice", fields: ["IA_NA 1 #2", "IA_NA 1 2001:db8::1d8"] },
  ),
  ...because(
    "RFC 8415 §21.7: a list of wishes may be empty, and a broken one costs the client its wishes, not its lease. Kea drops " +
      "the message.",
    { exchange: "SOLICIT with an empty list of wishes", fields: ["answers"] },
    { exchange: "half a code", fields: ["answers"] },
  ),
  ...because("RFC 8415 §16.12: an INFORMATION-REQUEST with an association is discarded. Kea answers.", {
    exchange: "INFORMATION-REQUEST with an association",
    fields: ["answers"],
  }),
  ...because("RFC 8415 §18.3.3: a server that does not know the link does not answer a CONFIRM. Kea says NotOnLink.", {
    exchange: "CONFIRM from no network",
    fields: ["answers"],
  }),
  ...because(
    "RFC 6422 §6: a relay's options go on as they came, and some may come more than once. Kea takes the first one.",
    { exchange: "RSOO: one option twice", fields: ["option 22 #2"] },
  ),
  ...because(
    "RFC 8415 §18.3.7: the answer to a RELEASE has status Success. Kea puts NoBinding on it when an association has none.",
    ...[
      "RELEASE of what is held and what is not",
      "RELEASE of what somebody else holds",
      "RELEASE under another IAID",
      "RELEASE without an address",
    ].map((exchange) => ({ exchange, fields: ["status"] })),
    { scene: "no subnet for the clients", exchange: "RELEASE", fields: ["status"] },
  ),
  ...because(
    "RFC 8415 §18.3.8: the answer to a DECLINE has status Success. Kea puts none on it.",
    { exchange: "DECLINE of what is held, then SOLICIT", step: "DECLINE", fields: ["status"] },
    { exchange: "RELEASE and DECLINE", step: "DECLINE", fields: ["status"] },
    { exchange: "RENEW, REBIND, CONFIRM, DECLINE and RELEASE", step: "DECLINE", fields: ["status"] },
    ...LIVES.map((life) => ({ exchange: `${life}: declines`, step: "it", fields: ["status"] })),
    ...[
      "DECLINE of what somebody else holds",
      "DECLINE under another IAID",
      "DECLINE of a prefix",
      "DECLINE of what nobody holds",
      "DECLINE without an address",
      "DECLINE of nothing",
    ].map((exchange) => ({ exchange, fields: ["status"] })),
  ),
  ...because(
    "RFC 8415 §18.3.2: an association with an address that is not of the link is told NotOnLink. Kea gives another address.",
    {
      exchange: "REQUEST of an address of another network",
      fields: ["IA_NA 1", "IA_NA 1 2001:db8::14", "IA_NA 1 status"],
    },
    { scene: "REQUEST, RENEW and REBIND", exchange: "lease file", step: "2001:db8::14", fields: LEASE },
  ),
  ...because("RFC 8415 §16.14: a server discards a RELAY-REPL. Kea answers.", {
    exchange: "relayed: a RELAY-REPL",
    fields: ["answers"],
  }),
  ...because(
    "RFC 4291 appendix A: an interface identifier with ff:fe in its middle is made of a MAC address, be that one of a " +
      "maker or of a virtual interface. Kea takes the former only, and no address from the client's frame.",
    ...["any", "ipv6-link-local"].map((source) => ({
      scene: `mac-sources: ${source}`,
      exchange: "lease file",
      step: "2001:db8::10b",
      fields: ["hwaddr"],
    })),
    { scene: "mac-sources: any, direct", exchange: "lease file", step: "2001:db8::104", fields: ["hwaddr"] },
  ),
  ...because(
    "A reservation is found by any address of its client. Kea looks for the first one only.",
    {
      scene: "mac-sources: any, reserved",
      exchange: "of the link-local address, and the DUID says another",
      fields: ["IA_NA 1 2001:db8::107", "IA_NA 1 2001:db8::2:7"],
    },
    ...["2001:db8::107", "2001:db8::2:7"].map((step) => ({
      scene: "mac-sources: any, reserved",
      exchange: "lease file",
      step,
      fields: LEASE,
    })),
  ),
  ...because("The source subscriber-id does something. Kea knows the word only.", {
    scene: "mac-sources: any",
    exchange: "lease file",
    step: "2001:db8::106",
    fields: ["hwaddr"],
  }),
  ...because(
    "RFC 8415 §21.7: a client must not ask for option 12 in its list of wishes, so it is sent unasked. Kea waits to be asked.",
    { exchange: "not asked for", fields: ["option 12"] },
    { scene: "unicast", fields: ["option 12"] },
    { exchange: "INFORMATION-REQUEST without a list", fields: ["option 12"] },
  ),
  ...because(
    "RFC 8415 §21.4: where the shortest preferred lifetime is infinite, so are T1 and T2. Kea computes with 0xffffffff as " +
      "if it were a number of seconds.",
    { scene: "T1 and T2: of a lease without end", exchange: "an address and a prefix", fields: ["IA_NA 1", "IA_PD 1"] },
    { scene: "T1 and T2: of a lease without end", exchange: "an address", fields: ["IA_NA 1"] },
  ),
  ...because(
    "A client that gets nothing gets the options of the subnet selected for it. Kea sends those of the last one that it tried.",
    { exchange: OVERFLOW, step: "SOLICIT", fields: ["option 23"] },
    { exchange: "prefixes overflow, too", step: "SOLICIT of one more", fields: ["option 23"] },
  ),
  ...because(
    "RFC 6603 §4.2: what is excluded is of the delegated prefix. Kea 2.6 says what is excluded of a pool of the subnet, whether " +
      "the reserved prefix is in it or not; Kea 3 only what the reservation says, as we do.",
    {
      scene: "reservations in pools with options",
      fields: [
        "8000:a400::/56",
        "8000:a500::/60",
        "8000:6000::/52",
        "7000:800::/60",
        "8000:aa00::/60",
        "8000:ab00::/60",
      ].map((prefix) => `IA_PD 1 2001:db8:${prefix} option 67`),
    },
  ),
  ...because(
    "RFC 8415 §18.2.4: a client renews all that it has at the earliest T1, so we say that one to each association; options " +
      "are of the first association's subnet. Kea says the T1 of each one's subnet, and options of the last one's.",
    ...[
      "an address of the first, a prefix of the second",
      "an address of the second, a prefix of the first",
      "an address of each, the second's first",
    ].map((exchange) => ({ scene: NETWORK, exchange, fields: BROUGHT })),
  ),
  ...because(
    "T1, T2 and options are of the subnet that the lease is of, whatever the message. In answer to a SOLICIT or REQUEST " +
      "of who has a lease Kea says those of the subnet where it looked first.",
    ...["SOLICIT again", "REQUEST again"].map((step) => ({ scene: NETWORK, step, fields: BROUGHT })),
  ),
  ...because(
    "RFC 8415 §18.3.3: the addresses of all subnets of a shared network are on its link. Kea says NotOnLink.",
    {
      exchange: OVERFLOW,
      step: "confirms in the second",
      fields: ["status"],
    },
  ),
  ...because(
    "A lease has the hardware address of the client that holds it. Kea leaves that of the former holder.",
    ...["2001:db8:3::11", "2001:db8:3::10", "2001:db8:9000:100::/56"].map((step) => ({
      scene: "shared network",
      exchange: "lease file",
      step,
      fields: ["hwaddr"],
    })),
    ...["2001:db8::10", "2001:db8:8000::/56"].map((step) => ({
      scene: "expiry",
      exchange: "lease file",
      step,
      fields: ["hwaddr"],
    })),
    { scene: "names, several", exchange: "lease file", step: "2001:db8::11c", fields: ["hwaddr"] },
  ),
  ...because(
    "RFC 8415 §18.3.4 has a server tell with lifetimes of 0 what a client must not use any more; we do so in answer to a " +
      "REQUEST, too, since others may be given it. Kea does in a RENEW and a REBIND only.",
    {
      scene: "other pools",
      exchange: "SOLICIT and REQUEST",
      step: "REQUEST",
      fields: ["IA_NA 1 2001:db8::107", "IA_PD 1 2001:db8:8000:700::/56"],
    },
  ),
  ...because(
    "A broken option that nothing in the configuration looks at costs nobody anything. Kea drops the message.",
    { exchange: "a vendor class of 3 bytes", fields: ["answers"] },
    { scene: "broken options", exchange: "a vendor class cut short", fields: ["answers"] },
    ...[
      "an elapsed time of 1 byte",
      "a status of 1 byte",
      "relayed: vendor options of 3 bytes",
      "relayed: a remote-id of 3 bytes",
      "relayed: a relay source port of 1 byte",
      "relayed: two messages are carried",
    ].map((exchange) => ({ exchange, fields: ["answers"] })),
  ),
  ...because(
    "A message with an option that leads beyond its end, or beyond that of the option around it, is broken, and what was " +
      "cut off may be what matters: RFC 8415 §16 leaves it to the server. Kea serves what stands before.",
    ...[
      "the last byte is missing",
      "the last option is missing half",
      "an option longer than the message",
      "an option of 65535 bytes",
      "relayed: what is carried lacks its last byte",
      "an inner option longer than its association",
      "half an option header in an association",
    ].map((exchange) => ({ exchange, fields: ["answers"] })),
  ),
  ...because(
    "RFC 8415 §21.22: a prefix has at most 128 bits. Kea answers as if nothing were asked for.",
    { exchange: "a prefix of 129 bits", fields: ["answers"] },
    { exchange: "a prefix of 255 bits", fields: ["answers"] },
  ),
  ...because("No client can be called what Kea's lease files call nobody.", {
    exchange: "a DUID of zeros",
    fields: ["answers"],
  }),
  ...because(
    "RFC 1035 §3.1: a name ends with its root. Kea takes the first root for all.",
    { scene: "broken options", exchange: "an FQDN of two roots", fields: ["answers"] },
    { scene: "broken options, lenient", exchange: "an FQDN of two roots", fields: ["option 39"] },
  ),
  ...because(
    "`lenient-option-parsing` is taken at its word: a broken option counts as absent, and its client is served.",
    { scene: "broken options, lenient", exchange: "an empty FQDN", fields: ["answers"] },
  ),
  ...because("A list of IPv4 addresses can be configured for DHCPv6. Kea takes it and never sends it.", {
    scene: "option definitions",
    exchange: "all",
    fields: ["option 1005"],
  }),
  ...because(
    "An ADVERTISE tells the name that the client will have. Kea generates one with the REPLY only.",
    ...[
      "an FQDN of flags only",
      "an address and a prefix, name of the address",
      ...[0, 1, 2, 3, 4, 6].map((flags) => `flags ${flags}, no name`),
      ...["full name", "full name without S", "no option", "no name", "partial name"],
    ].map((exchange) => ({ exchange, step: "SOLICIT", fields: ["option 39"] })),
  ),
  ...because(
    "RFC 1035 §3.1: the root is no host's name. A client that sends it is given one, as if it had sent none; Kea makes a " +
      "record of the root.",
    ...["names", "names, no suffix"].flatMap((scene) => [
      { scene, exchange: "the root", fields: ["option 39", "fqdn", "dhcid"] },
      { scene, exchange: "lease file", step: "2001:db8::107", fields: ["hostname"] },
    ]),
  ),
  ...because(
    "A name goes when its client gives the address back, or says no name any more, as in DHCPv4. Kea 2.6 leaves it in the " +
      "DNS until the address goes to somebody else, or is reclaimed.",
    ...LIVES.flatMap((life) =>
      ["no name any more", "releases", "bound again"].map((what) => ({
        exchange: `${life}: ${what}`,
        step: UPDATER,
        fields: ["answers"],
      })),
    ),
    ...["always", "when-not-present"].map((mode) => ({
      scene: `names, replaced ${mode}`,
      exchange: "no option: gives back",
      step: UPDATER,
      fields: ["answers"],
    })),
    {
      scene: "names, replaced when-present",
      exchange: "no option: rebinds without",
      step: UPDATER,
      fields: ["answers"],
    },
  ),
  ...because(
    "A removal has no time to live: the field says what that of the records would be at the address now.",
    ...LIVES.map((life) => ({ exchange: `${life}: declines`, step: UPDATER, fields: ["lease-length"] })),
  ),
  ...because(
    "A name that stays is not taken out of the DNS in between: adding it again makes its records new.",
    ...LIVES.map((life) => ({
      scene: "names, life, updated on renewal",
      exchange: `${life}: as before`,
      step: UPDATER,
      fields: ["answers"],
    })),
  ),
  ...because("All leases of a client say its name. Kea leaves a prefix without one that is generated.", {
    scene: "names, several",
    exchange: "lease file",
    step: "2001:db8:8000:100::/56",
    fields: ["hostname"],
  }),
  ...because(
    "A client whose name cannot be had is served without one (CVE-2025-11232; Kea from 3.1.3 on). Kea 2.6 drops the message.",
    { exchange: "longer than any name with the suffix", fields: ["answers"] },
    ...["none but such characters", "a label of none but such characters"].map((exchange) => ({
      scene: "names, unclean",
      exchange,
      fields: ["answers"],
    })),
  ),
  ...because(
    "RFC 4704 §6: option 39 is for clients that know it, by sending it or asking for it. Kea sends it to others, too.",
    { exchange: "no option, none asked for", fields: ["option 39"] },
  ),
  ...because("The lease says the reserved name as the DNS would have it. Kea leaves it as it was written.", {
    scene: "names, reserved",
    exchange: "lease file",
    step: "2001:db8::104",
    fields: ["hostname"],
  }),
];
