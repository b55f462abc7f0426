/** A DHCP message on the wire in one line for a reader. */

import { formatHex } from "@kotare/core/base/hex";
import type { IdentityAssociation } from "@kotare/core/dhcp6/identity-association";
import { MessageType6, nameMessageType6 } from "@kotare/core/dhcp6/message-type6";
import { Message6 } from "@kotare/core/dhcp6/message6";
import { Option6 } from "@kotare/core/dhcp6/option6";
import { formatIpv6Key } from "@kotare/core/ip/ipv6-key";
import { formatMac } from "@kotare/testkit/payloads";
import type { Frame } from "./frame.ts";
import { decodeMessage4, type Message4, optionOf, typeName } from "./message4.ts";

function address(message: Message4, code: number): string | undefined {
  return optionOf(message, code)?.join(".");
}

function seconds(message: Message4): string {
  const lifetime = optionOf(message, 51);
  return lifetime === undefined ? "" : ` for ${Buffer.from(lifetime).readUInt32BE()} s`;
}

function meaning(message: Message4): string {
  const name = typeName(message);
  switch (name) {
    case "DISCOVER":
      return "is there a DHCP server?";
    case "OFFER":
      return `you may have ${message.yiaddr}${seconds(message)}`;
    case "REQUEST":
      return `I want ${address(message, 50) ?? message.ciaddr}`;
    case "ACK":
      return message.yiaddr === "0.0.0.0" ? "here is what you asked" : `${message.yiaddr} is yours${seconds(message)}`;
    case "NAK":
      return "no, start anew";
    case "DECLINE":
      return `${address(message, 50)} is in use by somebody else`;
    case "RELEASE":
      return `I give ${message.ciaddr} back`;
    default:
      return "";
  }
}

/** What an association holds, or that it is wanted. */
function describeIa({ code, leases }: IdentityAssociation): string {
  if (leases.length === 0) return code === Option6.iaNa ? "an address" : "a prefix";
  return leases
    .map(({ address, length, valid }) => {
      const lease = formatIpv6Key(address) + (length === 128 ? "" : `/${length}`);
      return valid === 0 ? lease : `${lease} for ${valid} s`;
    })
    .join(", ");
}

function meaning6({ type, ias }: Message6): string {
  const subject = ias.map(describeIa).join(" and ");
  switch (type) {
    case MessageType6.SOLICIT:
      return `is there a DHCPv6 server? I want ${subject}`;
    case MessageType6.ADVERTISE:
      return `you may have ${subject}`;
    case MessageType6.REQUEST:
      return `I want ${subject}`;
    case MessageType6.REPLY:
      return subject === "" ? "here is what you asked" : `yours: ${subject}`;
    case MessageType6.RENEW:
    case MessageType6.REBIND:
      return `I want to keep ${subject}`;
    case MessageType6.RELEASE:
      return `I give ${subject} back`;
    default:
      return subject;
  }
}

function describe6(payload: Uint8Array): string {
  const message = new Message6(payload);
  const duid = message.option(Option6.clientId);
  const client = duid === undefined ? "" : formatHex(duid);
  return `${nameMessageType6(message.type).padEnd(9)} ${client}  “${meaning6(message)}”`;
}

function describe4(payload: Uint8Array): string {
  const message = decodeMessage4(payload);
  const mac = formatMac(message.chaddr.subarray(0, message.hlen));
  return `${typeName(message).padEnd(9)} ${mac}  “${meaning(message)}”`;
}

/** By the servers' port. */
const describers = new Map([
  [67, describe4],
  [547, describe6],
]);

/** `192.168.77.1 → 192.168.77.100  OFFER 02:… “you may have 192.168.77.100 for 86400 s”`; `undefined` for other traffic. */
export function describeFrame(frame: Frame): string | undefined {
  const describe = describers.get(frame.sourcePort) ?? describers.get(frame.destinationPort);
  if (describe === undefined) return undefined;
  const way = `${frame.source} → ${frame.destination}`.padEnd(33);
  return `${way} ${describe(frame.payload)}`;
}
