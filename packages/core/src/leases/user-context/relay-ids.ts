/** By what a lease is found for a relay (RFC 6926 §6.2.1, RFC 5460 §5.4), as Kea keeps it with the lease: hexadecimal digits. */
import { formatHex } from "../../base/hex.ts";
import type { RelayIdKind } from "../model/lease-store.ts";

/** As keys of a user context; in alphabetical order. */
export type RelayIds = { readonly [kind in RelayIdKind]?: string };

/** In option 82's payload. */
export function agentIds(option82: Uint8Array): RelayIds {
  return idsOf(option82, 1, { "relay-id": 12, "remote-id": 2 });
}

/** In the options of a DHCPv6 relay. */
export function relayIds(options: Uint8Array): RelayIds {
  return idsOf(options, 2, { "relay-id": 53, "remote-id": 37 });
}

/** @param width of the codes and the lengths in `bytes` @returns keys in the order of `codes` */
function idsOf(bytes: Uint8Array, width: 1 | 2, codes: Readonly<Record<keyof RelayIds, number>>): RelayIds {
  const wanted = Object.values(codes);
  const found = new Map<number, string>();
  const read = (at: number) => (width === 1 ? bytes[at]! : bytes[at]! * 256 + bytes[at + 1]!);
  for (let at = 0; at + 2 * width <= bytes.length; ) {
    const start = at + 2 * width;
    const end = start + read(at + width);
    const code = read(at);
    if (wanted.includes(code) && !found.has(code) && end > start && end <= bytes.length) {
      found.set(code, formatHex(bytes.subarray(start, end), "").toUpperCase());
    }
    at = end;
  }
  return Object.fromEntries(
    Object.entries(codes).flatMap(([key, code]) => (found.has(code) ? [[key, found.get(code)]] : [])),
  );
}
