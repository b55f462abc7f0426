/** A whole message as text for a human: fields that are set, and every option by name. */
import { readU32 } from "../base/big-endian.ts";
import { formatHex } from "../base/hex.ts";
import { formatIpv4 } from "../ip/ipv4.ts";
import { formatOption, printable } from "../options/format-option.ts";
import type { OptionSpaces } from "../options/option-spaces.ts";
import { nameMessageType4 } from "./message-type4.ts";
import { Field4, type Message4, Option4 } from "./message4.ts";
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
  const boot = bootFields(message);
  if (boot.length > 0) lines.push(boot.join(" "));
  for (const code of message.optionCodes()) {
    if (code !== Option4.messageType) lines.push(formatOption(code, message.option(code)!, spaces));
  }
  return lines;
}

/** What the client is to boot from, in the fields for it: those that are set, and hold no options instead. */
function bootFields(message: Message4): string[] {
  const siaddr = readU32(message.bytes, Field4.siaddr);
  const overload = message.u8(Option4.overload) ?? 0;
  const sname = (overload & 2) === 0 ? fieldText(message, Field4.sname, Field4.file) : "";
  const file = (overload & 1) === 0 ? fieldText(message, Field4.file, Field4.cookie) : "";
  return [
    siaddr === 0 ? "" : `siaddr=${formatIpv4(siaddr)}`,
    sname === "" ? "" : `sname=${sname}`,
    file === "" ? "" : `file=${file}`,
  ].filter((part) => part !== "");
}

/** Up to the first zero byte. */
function fieldText({ bytes }: Message4, start: number, end: number): string {
  const text = Buffer.from(bytes.subarray(start, end)).toString("latin1");
  return printable(text.split("\0", 1)[0]!);
}
