/** A whole message as text for a human: fields that are set, and every option by name. */
import { formatHex } from "../base/hex.ts";
import { formatIpv4 } from "../ip/ipv4.ts";
import { formatOption } from "../options/format-option.ts";
import type { OptionSpaces } from "../options/option-spaces.ts";
import { nameMessageType4 } from "./message-type4.ts";
import { type Message4, Option4 } from "./message4.ts";
import { dhcp4Spaces } from "./options/dhcp4-spaces.ts";

/** One line. Never throws, whatever the options hold. */
export function describeMessage4(message: Message4): string {
  return messageLines4(message, dhcp4Spaces).join(" ");
}

/** A line for some fields or an option each. */
export function messageLines4(message: Message4, spaces: OptionSpaces): string[] {
  const lines = [
    `${nameMessageType4(message.type)} xid=0x${message.xid.toString(16).padStart(8, "0")}`,
    `secs=${message.secs} flags=0x${message.flags.toString(16)} hops=${message.hops}`,
    `ciaddr=${formatIpv4(message.ciaddr)} giaddr=${formatIpv4(message.giaddr)} chaddr=${formatHex(message.chaddr)}`,
  ];
  for (const code of message.optionCodes()) {
    if (code !== Option4.messageType) lines.push(formatOption(code, message.option(code)!, spaces));
  }
  return lines;
}
