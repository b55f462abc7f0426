/** Relays that a DHCPv6 lease came through, in the `user-context` form of Kea's `store-extended-info`. */
import { formatHex, parseHex } from "../../base/hex.ts";
import type { Message6 } from "../../dhcp6/message6.ts";
import { OPTION_HEADER, Option6 } from "../../dhcp6/option6.ts";
import type { Relay6 } from "../../dhcp6/relay6.ts";
import { formatIpv6Key, type Ipv6Key, parseIpv6Key } from "../../ip/ipv6-key.ts";
import type { RelayIds } from "./relay-ids.ts";
import { parseContext, withMaps } from "./user-context.ts";

/** A relay that a lease came through. */
export interface KeptRelay {
  readonly hopCount: number;
  readonly linkAddress: Ipv6Key;
  readonly peerAddress: Ipv6Key;
  /** As they came, with their headers. */
  readonly options: Uint8Array;
}

interface RelayInfo {
  readonly ISC?: { readonly "relay-info"?: unknown; readonly relays?: unknown };
}

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

/** The relays that a lease came through, the one next to the client first; also as Kea 3 has them, and Kea before 2.3. */
export function keptRelays(userContext: string): readonly KeptRelay[] {
  const relays = relayMaps(userContext).flatMap(({ hop, link, peer, options = "" }) => {
    const linkAddress = typeof link === "string" ? parseIpv6Key(link) : undefined;
    const peerAddress = typeof peer === "string" ? parseIpv6Key(peer) : undefined;
    const bytes = options === "" ? NO_OPTIONS : parseHex(String(options));
    if (typeof hop !== "number" || linkAddress === undefined || peerAddress === undefined || bytes === undefined) {
      return [];
    }
    return [{ hopCount: hop & 0xff, linkAddress, peerAddress, options: bytes }];
  });
  // Kea 3 begins next to the server, where most hops have been counted.
  const isReversed = relays.length > 1 && relays[0]!.hopCount > relays.at(-1)!.hopCount;
  return isReversed ? relays.reverse() : relays;
}

/** The ids that a lease is found by for its relays: hexadecimal digits. */
export function relayIdsOf(userContext: string, id: keyof RelayIds): readonly string[] {
  return relayMaps(userContext).flatMap((relay) => {
    const digits = relay[id];
    return typeof digits === "string" ? [digits] : [];
  });
}

const NO_OPTIONS = new Uint8Array(0);

function relayMaps(userContext: string): readonly Readonly<Record<string, unknown>>[] {
  // Few leases have any, and what is no JSON of Kea's is not parsed.
  if (!userContext.includes('"relay')) return [];
  const { ISC: isc }: RelayInfo = parseContext(userContext);
  const relays = isc?.["relay-info"] ?? isc?.relays;
  return Array.isArray(relays) ? relays.filter((each) => typeof each === "object" && each !== null) : [];
}
