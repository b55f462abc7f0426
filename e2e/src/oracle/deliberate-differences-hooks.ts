/** Where we answer otherwise than Kea 3 with its hooks, on purpose. */
import { because, type Difference } from "./difference.ts";

export const deliberateHooks4: readonly Difference[] = [
  ...because("RFC 8925 §3.3: a REQUEST for an address is answered as RFC 2131 has it. Kea acknowledges 0.0.0.0.", {
    scene: "IPv6-only preferred",
    exchange: "wants a certain address all the same",
    fields: ["frame.destination", "yiaddr", "option 1", "option 51"],
  }),
  ...because("It has been acknowledged.", {
    scene: "IPv6-only preferred",
    exchange: "lease file",
    step: "10.0.0.17",
    fields: ["*"],
  }),
  ...because("RFC 2131 §4.1: a refusal is broadcast, and not sent to the address that somebody else has.", {
    scene: "bootp",
    exchange: "one with the address of another",
    fields: ["frame.destinationMac", "frame.destination"],
  }),
  ...because("RFC 2131 §4.3.2, table 3: a refusal is broadcast, and says why.", {
    scene: "limits, leases",
    step: "another's REQUEST",
    fields: ["frame.destinationMac", "reason of the NAK"],
  }),
  ...because(
    "RFC 4702 §4: the flags say what the server does. Where ddns_tuning has its say, Kea sets N though it puts the name into " +
      "the DNS, and does not say that it has overridden S.",
    { scene: "ddns_tuning", exchange: "FQDNs", fields: ["option 81"] },
  ),
  ...because("RFC 4702 §2.2: a server sends 255 in both RCODEs.", {
    scene: "ddns_tuning",
    fields: ["RCODEs of option 81"],
  }),
];

export const deliberateHooks6: readonly Difference[] = [
  ...because("As Kea 2.6: the relay next to the client comes first. Kea 3 begins at the other end. We read both.", {
    scene: "leasequery",
    exchange: "lease file",
    step: "2001:db8::103",
    fields: ["userContext"],
  }),
  ...because(
    "An ADVERTISE has what a REPLY is going to give. Kea looks at each association by itself then, and offers more of them " +
      "something than the limits allow.",
    {
      scene: "limits, leases",
      step: "three: SOLICIT",
      fields: ["IA_PD 3", "IA_PD 3 2001:db8:8000:1300::/56", "IA_PD 3 status"],
    },
    {
      scene: "limits, leases",
      step: "another: SOLICIT",
      fields: ["IA_NA 2", "IA_NA 2 2001:db8::117", "IA_NA 2 status"],
    },
  ),
  ...because(
    "RFC 4704 §4.1: O says that S is not as the client has set it.",
    ...["SOLICIT", "REQUEST"].flatMap((message) =>
      ["reserved, kept out of the DNS", "kept out of the DNS"].map((client) => ({
        scene: "ddns_tuning",
        step: `${client}: ${message}`,
        fields: ["option 39"],
      })),
    ),
  ),
  ...because(
    "The DNS and the answer have the name that the lease has. Kea tells a client with a reserved name that one, and puts it " +
      "into the DNS, while the lease has the name that ddns_tuning has computed.",
    ...["reserved: SOLICIT", "reserved: REQUEST", "requests to the DNS updater"].map((step) => ({
      scene: "ddns_tuning",
      exchange: "reserved, and kept out of the DNS",
      step,
      fields: ["option 39", "fqdn", "dhcid"],
    })),
  ),
  ...because(
    "A lease has the hardware address of the device that holds it. Kea looks for it in the DUID, and does not find it in " +
      "the one that flex_id has put in its place.",
    { scene: "flex_id, replace-client-id", exchange: "lease file", step: "2001:db8::77", fields: ["hwaddr"] },
    { scene: "flex_id, replace-client-id", exchange: "lease file", step: "2001:db8::10", fields: ["hwaddr"] },
  ),
];
