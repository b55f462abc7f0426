/** A DHCPv6 message as somebody at a terminal describes it. */
import { randomBytes } from "node:crypto";
import type { MessageWishes } from "@kotare/core/daemon/offline/explainer";
import { MessageType6, nameMessageType6 } from "@kotare/core/dhcp6/message-type6";
import { Option6 } from "@kotare/core/dhcp6/option6";
import { type Ipv6, parseIpv6 } from "@kotare/core/ip/ipv6";
import type { EffectiveOption } from "@kotare/core/subnets/options/effective-options";
import { encodeOptions6 } from "@kotare/core/subnets/options/option-wire6";
import { flagBytes } from "@kotare/core/tools/explain/flag-bytes";

/** The first one is a client's first message. */
export const TYPES6 = [
  MessageType6.SOLICIT,
  MessageType6.REQUEST,
  MessageType6.RENEW,
  MessageType6.REBIND,
  MessageType6.CONFIRM,
  MessageType6.INFORMATION_REQUEST,
  MessageType6.RELEASE,
  MessageType6.DECLINE,
] as const;

/** What most clients ask for. */
const USUAL = [21, 23, 24, 31, 56, 82];
const UNSPECIFIED = new Uint8Array(16);
/** RFC 8415 §11.4, of an Ethernet interface. */
const DUID_LL = [0, 3, 0, 1];
/** An association's number and times; an address's lifetimes. */
const IA_HEADER = [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0];
const LIFETIMES = [0, 0, 0, 0, 0, 0, 0, 0];

/** An association for an address and one for a prefix. @throws Error in words */
export function makeMessage6({ type, mac, clientId, relay, address, ask = USUAL, options }: MessageWishes): Uint8Array {
  const code = typeOf(type);
  const hardware = mac === undefined ? undefined : flagBytes("--mac", mac);
  const duid =
    clientId === undefined
      ? hardware && Uint8Array.from([...DUID_LL, ...hardware])
      : flagBytes("--client-id", clientId);
  const own: EffectiveOption[] = duid === undefined ? [] : [{ code: Option6.clientId, payload: duid }];
  if (code !== MessageType6.INFORMATION_REQUEST) {
    const asked =
      address === undefined ? [] : [0, Option6.iaAddress, 0, 24, ...addressOf("--address", address), ...LIFETIMES];
    own.push({ code: Option6.iaNa, payload: Uint8Array.from([...IA_HEADER, ...asked]) });
    own.push({ code: Option6.iaPd, payload: Uint8Array.from(IA_HEADER) });
  }
  own.push({ code: Option6.elapsedTime, payload: Uint8Array.of(0, 0) });
  own.push({ code: Option6.oro, payload: Uint8Array.from(ask.flatMap((each) => [each >> 8, each & 0xff])) });
  const message = [code, ...randomBytes(3), ...encodeOptions6([...own, ...options])];
  if (relay === undefined) return Uint8Array.from(message);
  const carried = encodeOptions6([{ code: Option6.relayMessage, payload: Uint8Array.from(message) }]);
  return Uint8Array.from([MessageType6.RELAY_FORW, 0, ...addressOf("--relay", relay), ...UNSPECIFIED, ...carried]);
}

function typeOf(text: string | undefined): (typeof TYPES6)[number] {
  const [usual] = TYPES6;
  const type = text === undefined ? usual : TYPES6.find((each) => nameMessageType6(each) === text.toUpperCase());
  if (type === undefined) throw new Error(`--type ${text}: is none of ${TYPES6.map(nameMessageType6).join(", ")}`);
  return type;
}

function addressOf(flag: string, text: string): Ipv6 {
  const address = parseIpv6(text);
  if (address === undefined) throw new Error(`${flag} ${text}: is no IPv6 address`);
  return address;
}
