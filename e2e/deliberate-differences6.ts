/** Where dhcp6d answers otherwise than Kea 2.6.3 on purpose. Every entry has a reason; one that no longer differs fails. */
import { because, type Difference } from "./src/oracle/difference.ts";

const RELEASED = ["IA_NA 1", "IA_NA 1 status", "IA_PD 1", "IA_PD 1 status"];
const DECLINED = ["IA_NA 1", "IA_NA 1 status", "status"];

export const deliberateDifferences6: readonly Difference[] = [
  ...because(
    "RFC 8168 §3.2: where a prefix of the length asked for is not to be had, one of the nearest length is given. Kea " +
      "takes the first pool of any shorter length.",
    { exchange: "an address of the first pool, of no pool's length", fields: ["*"] },
    { exchange: "a longer length", fields: ["*"] },
  ),
  ...because("RFC 8415 §18.3.1: one address or prefix is advertised to one association. Kea advertises it to both.", {
    exchange: "SOLICIT of one address for two associations",
    fields: ["*"],
  }),
  ...because(
    "RFC 8415 §4.2: an IAID is unique among a client's associations of a type, so what comes twice is one association. " +
      "Kea answers both and gives an address to each.",
    { exchange: "SOLICIT with an IAID twice", fields: ["*"] },
  ),
  ...because(
    "RFC 8415 §21.7: a list of wishes may be empty; that costs the client its wishes, not its lease. Kea drops the message.",
    { exchange: "SOLICIT with an empty list of wishes", fields: ["answers"] },
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
    "RFC 8415 §18.3.7: the answer to a RELEASE has status Success, and of the associations only those without a binding. " +
      "Kea names all of them, and puts NoBinding on the whole when one has none.",
    ...[
      "RELEASE of what is held, and again",
      "RELEASE of one of two associations",
      "RELEASE of what is held and what is not",
      "RELEASE of a prefix with another length",
    ].map((exchange) => ({
      exchange,
      fields: [...RELEASED, "status"],
    })),
    ...["RELEASE of what somebody else holds", "RELEASE under another IAID", "RELEASE without an address"].map(
      (exchange) => ({ exchange, fields: ["status"] }),
    ),
    { exchange: "RELEASE and DECLINE", step: "RELEASE", fields: RELEASED },
    { exchange: "RENEW, REBIND, CONFIRM, DECLINE and RELEASE", step: "RELEASE", fields: RELEASED },
  ),
  ...because(
    "RFC 8415 §18.3.8: the answer to a DECLINE has status Success, and of the associations only those without a binding. " +
      "Kea names all of them, and puts no status on the whole.",
    {
      exchange: "DECLINE of what is held, then SOLICIT",
      step: "DECLINE",
      fields: DECLINED,
    },
    { exchange: "RELEASE and DECLINE", step: "DECLINE", fields: DECLINED },
    { exchange: "RENEW, REBIND, CONFIRM, DECLINE and RELEASE", step: "DECLINE", fields: DECLINED },
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
    "RFC 4291 appendix A: an interface identifier with ff:fe in its middle is made of a MAC address, be that one of a " +
      "maker or of a virtual interface. Kea takes the former only.",
    { scene: "mac-sources: any", exchange: "lease file", step: "2001:db8::10b", fields: ["hwaddr"] },
    { scene: "mac-sources: ipv6-link-local", exchange: "lease file", step: "2001:db8::10b", fields: ["hwaddr"] },
  ),
  ...because("The source subscriber-id does something. Kea knows the word only.", {
    scene: "mac-sources: any",
    exchange: "lease file",
    step: "2001:db8::106",
    fields: ["hwaddr"],
  }),
];
