/** What expressions see of a DHCPv6 packet. */
import type { Message6 } from "../dhcp6/message6.ts";
import { Option6 } from "../dhcp6/option6.ts";
import { dhcp6Spaces } from "../dhcp6/options/dhcp6-spaces.ts";
import type { Relay6 } from "../dhcp6/relay6.ts";
import { type Ipv6Key, toIpv6 } from "../ip/ipv6-key.ts";
import { type ExpressionFamily, NO_BYTES, type Subject } from "./expression.ts";
import { decodeVendors, findTuple } from "./options-read.ts";
import { u32Bytes } from "./scanner.ts";

export interface Subject6 extends Subject {
  readonly message: Message6;
  readonly ingress: {
    readonly interface: { readonly name: string };
    readonly source: Ipv6Key;
    readonly destination: Ipv6Key;
  };
}

export const expressions6: ExpressionFamily<Subject6> = {
  protocol: "DHCPv6",
  options: dhcp6Spaces.family,
  fields: new Map<string, (subject: Subject6) => Uint8Array>([
    ["pkt.iface", ({ ingress }) => Buffer.from(ingress.interface.name, "utf8")],
    ["pkt.src", ({ ingress }) => toIpv6(ingress.source)],
    ["pkt.dst", ({ ingress }) => toIpv6(ingress.destination)],
    ["pkt.len", ({ message }) => u32Bytes(message.bytes.length)],
    ["pkt6.msgtype", ({ message }) => u32Bytes(message.type)],
    ["pkt6.transid", ({ message }) => u32Bytes(message.transactionId)],
  ]),
  option: ({ message }, code) => message.option(code),
  relayAgent: undefined,
  relay({ message }, n) {
    const relay = message.relays.at(n);
    return relay && viewOf(relay);
  },
  vendors: ({ message }, code) =>
    message.everyOption(code).flatMap((payload) => decodeVendors(payload, dhcp6Spaces.family)),
};

function viewOf(relay: Relay6) {
  return {
    option: (code: number) => relay.option(code),
    get peeraddr() {
      return toIpv6(relay.peerAddress);
    },
    get linkaddr() {
      return toIpv6(relay.linkAddress);
    },
  };
}

/** What Kea's built-in class of a vendor is named after: the first text of the first vendor in option 16. */
export function vendorClassOf6(subject: Subject6): Uint8Array {
  if (!subject.message.hasOption(Option6.vendorClass)) return NO_BYTES;
  const [first] = expressions6.vendors(subject, Option6.vendorClass);
  return (first && findTuple(first.data, 0, 2)) ?? NO_BYTES;
}
