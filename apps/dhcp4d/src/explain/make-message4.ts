/** A DHCPv4 message as somebody at a terminal describes it. */
import { randomInt } from "node:crypto";
import { writeU32 } from "@kotare/core/base/big-endian";
import type { MessageWishes } from "@kotare/core/daemon/offline/explainer";
import { MessageType4 } from "@kotare/core/dhcp4/message-type4";
import { BOOTREQUEST, Field4, MAGIC_COOKIE, Option4 } from "@kotare/core/dhcp4/message4";
import { type Ipv4, parseIpv4 } from "@kotare/core/ip/ipv4";
import type { EffectiveOption } from "@kotare/core/subnets/options/effective-options";
import { encodeOptions4 } from "@kotare/core/subnets/options/option-wire4";
import { flagBytes } from "@kotare/core/tools/explain/flag-bytes";

/** The first one is a client's first message. */
export const TYPES4 = ["DHCPDISCOVER", "DHCPREQUEST", "DHCPINFORM", "DHCPRELEASE", "DHCPDECLINE"] as const;
/** What most clients ask for. */
const USUAL = [1, 3, 6, 12, 15, 28, 42, 51, 54, 58, 59, 66, 67, 119, 121];
const ETHERNET = 1;

/** @throws Error in words */
export function makeMessage4({ type, mac, clientId, relay, address, ask = USUAL, options }: MessageWishes): Uint8Array {
  const code = MessageType4[typeOf(type)];
  const fixed = new Uint8Array(Field4.options);
  const chaddr = mac === undefined ? new Uint8Array(0) : flagBytes("--mac", mac);
  if (chaddr.length > 16) throw new Error(`--mac ${mac}: is longer than 16 bytes`);
  fixed.set([BOOTREQUEST, ETHERNET, chaddr.length, relay === undefined ? 0 : 1]);
  writeU32(fixed, Field4.xid, randomInt(2 ** 32));
  if (relay !== undefined) writeU32(fixed, Field4.giaddr, addressOf("--relay", relay));
  fixed.set(chaddr, Field4.chaddr);
  writeU32(fixed, Field4.cookie, MAGIC_COOKIE);
  const own: EffectiveOption[] = [{ code: Option4.messageType, payload: Uint8Array.of(code) }];
  if (address !== undefined) {
    const asked = addressOf("--address", address);
    // RFC 2131 table 5: who has the address says so in ciaddr.
    if (code === MessageType4.DHCPINFORM || code === MessageType4.DHCPRELEASE) writeU32(fixed, Field4.ciaddr, asked);
    else
      own.push({
        code: Option4.requestedAddress,
        payload: Uint8Array.of(asked >>> 24, asked >>> 16, asked >>> 8, asked),
      });
  }
  if (clientId !== undefined) own.push({ code: Option4.clientIdentifier, payload: flagBytes("--client-id", clientId) });
  if (ask.length > 0) own.push({ code: Option4.parameterRequestList, payload: Uint8Array.from(ask) });
  return Uint8Array.from([...fixed, ...encodeOptions4([...own, ...options]), Option4.end]);
}

function typeOf(text: string | undefined): (typeof TYPES4)[number] {
  const [usual] = TYPES4;
  const name = text?.toUpperCase();
  const type = name === undefined ? usual : TYPES4.find((each) => each === name || each === `DHCP${name}`);
  if (type === undefined) throw new Error(`--type ${text}: is none of ${TYPES4.join(", ")}`);
  return type;
}

function addressOf(flag: string, text: string): Ipv4 {
  const address = parseIpv4(text);
  if (address === undefined) throw new Error(`${flag} ${text}: is no IPv4 address`);
  return address;
}
