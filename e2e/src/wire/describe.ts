/** A DHCPv4 message on the wire in one line for a reader. */
import type { Frame } from "./frame.ts";
import { decodeMessage, formatMac, type Message, optionOf, typeName } from "./message.ts";

function address(message: Message, code: number): string | undefined {
  return optionOf(message, code)?.join(".");
}

function seconds(message: Message): string {
  const lifetime = optionOf(message, 51);
  return lifetime === undefined ? "" : ` for ${Buffer.from(lifetime).readUInt32BE()} s`;
}

function meaning(message: Message): string {
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

/** `192.168.77.1 → 192.168.77.100  OFFER 02:… "you may have 192.168.77.100 for 86400 s"`; `undefined` for other traffic. */
export function describeFrame(frame: Frame): string | undefined {
  if (frame.sourcePort !== 67 && frame.destinationPort !== 67) return undefined;
  const message = decodeMessage(frame.payload);
  const way = `${frame.source} → ${frame.destination}`.padEnd(33);
  const mac = formatMac(message.chaddr.subarray(0, message.hlen));
  return `${way} ${typeName(message).padEnd(8)} ${mac}  “${meaning(message)}”`;
}
