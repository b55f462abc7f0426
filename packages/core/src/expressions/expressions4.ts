/** What expressions see of a DHCPv4 packet. */
import { Field4, type Message4, Option4 } from "../dhcp4/message4.ts";
import { dhcp4Spaces } from "../dhcp4/options/dhcp4-spaces.ts";
import type { Ipv4 } from "../ip/ipv4.ts";
import { type ExpressionFamily, NO_BYTES, type Subject } from "./expression.ts";
import { decodeVendors, withoutNuls } from "./options-read.ts";
import { u32Bytes } from "./scanner.ts";

export interface Subject4 extends Subject {
  readonly message: Message4;
  readonly ingress: {
    readonly interface: { readonly name: string };
    readonly source: Ipv4;
    readonly destination: Ipv4;
  };
  /** Option 82 kept with the lease of a client that renews without its relay: it counts as if the message had it. */
  readonly stashed?: Uint8Array | undefined;
}

/** A field of four bytes, where it stands. */
function view(at: number) {
  return ({ message }: Subject4) => message.bytes.subarray(at, at + 4);
}

export const expressions4: ExpressionFamily<Subject4> = {
  protocol: "DHCPv4",
  options: dhcp4Spaces.family,
  fields: new Map<string, (subject: Subject4) => Uint8Array>([
    ["pkt.iface", ({ ingress }) => Buffer.from(ingress.interface.name, "utf8")],
    ["pkt.src", ({ ingress }) => u32Bytes(ingress.source)],
    ["pkt.dst", ({ ingress }) => u32Bytes(ingress.destination)],
    ["pkt.len", ({ message }) => u32Bytes(message.bytes.length)],
    ["pkt4.mac", ({ message }) => message.chaddr],
    ["pkt4.hlen", ({ message }) => u32Bytes(message.hlen)],
    ["pkt4.htype", ({ message }) => u32Bytes(message.htype)],
    ["pkt4.ciaddr", view(Field4.ciaddr)],
    ["pkt4.giaddr", view(Field4.giaddr)],
    ["pkt4.yiaddr", view(Field4.yiaddr)],
    ["pkt4.siaddr", view(Field4.siaddr)],
    ["pkt4.msgtype", ({ message }) => u32Bytes(message.type)],
    ["pkt4.transid", view(Field4.xid)],
  ]),
  option: ({ message, stashed }, code) =>
    message.option(code) ?? (code === Option4.relayAgentInformation ? stashed : undefined),
  relayAgent: Option4.relayAgentInformation,
  relay: undefined,
  vendors({ message }, code) {
    const payload = message.option(code);
    return payload === undefined ? [] : decodeVendors(payload, dhcp4Spaces.family);
  },
};

/** What Kea's built-in class of a vendor is named after: option 60. */
export function vendorClassOf4({ message }: Subject4): Uint8Array {
  return withoutNuls(message.option(Option4.vendorClass) ?? NO_BYTES);
}
