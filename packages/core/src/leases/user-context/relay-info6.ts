/** Relays that a DHCPv6 lease came through, in the `user-context` form of Kea's `store-extended-info`. */
import { formatHex } from "../../base/hex.ts";
import type { Message6 } from "../../dhcp6/message6.ts";
import { OPTION_HEADER, Option6 } from "../../dhcp6/option6.ts";
import type { Relay6 } from "../../dhcp6/relay6.ts";
import { formatIpv6Key } from "../../ip/ipv6-key.ts";
import { withMaps } from "./user-context.ts";

/** The user context with the message's relays in it, the one next to the client first, keys as Kea sorts them; what else is in it stays. */
export function withRelayInfo(userContext: string, { relays }: Message6): string {
  const info = relays.toReversed().map((relay) => ({
    hop: relay.hopCount,
    link: formatIpv6Key(relay.linkAddress),
    ...optionsOf(relay),
    peer: formatIpv6Key(relay.peerAddress),
    ...idOf(relay, Option6.relayId, "relay-id"),
    ...idOf(relay, Option6.remoteId, "remote-id"),
  }));
  return withMaps(userContext, { ISC: { "relay-info": info } });
}

/** The relay's options as they came, but for the message that it carries. */
function optionsOf(relay: Relay6): { options?: string } {
  let hex = "";
  relay.eachOption((code, at, length) => {
    if (code !== Option6.relayMessage) hex += formatHex(relay.bytes.subarray(at - OPTION_HEADER, at + length), "");
  });
  return hex === "" ? {} : { options: `0x${hex.toUpperCase()}` };
}

/** By the ids leases are found for a relay (RFC 5460); as in Kea with all bytes of the option. */
function idOf(relay: Relay6, code: number, key: string): Readonly<Record<string, string>> {
  const payload = relay.option(code);
  return payload === undefined || payload.length === 0 ? {} : { [key]: formatHex(payload, "").toUpperCase() };
}
