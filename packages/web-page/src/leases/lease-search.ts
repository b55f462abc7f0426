/** What somebody looks for among the leases, by how it is written, and the commands that find it. */

import type { Session } from "../session.ts";
import { addressBefore, completeAddress } from "./address-order.ts";
import { type Family, type Lease, SERVICE_OF } from "./lease.ts";

export type Search =
  /** Leases from an address on. */
  | { readonly kind: "address"; readonly family: Family; readonly address: string }
  /** Those of a hardware address, a client identifier or a DUID: bytes with colons. */
  | { readonly kind: "client"; readonly bytes: string }
  /** Those whose name or client has it in it. */
  | { readonly kind: "part"; readonly text: string };

/** Leases that are shown of many. */
export const MOST_FOUND = 100;

const OCTETS_OF_MAC = 6;
const PAIRS = /^[\da-f]{2}(?:([:-])[\da-f]{2}(?:\1[\da-f]{2})*)?$/i;
/** Cisco's: `1a1b.1c1d.1e1f`. */
const FOURS = /^[\da-f]{4}(?:\.[\da-f]{4}){2}$/i;

/** @returns `undefined` where nothing is typed */
export function readSearch(typed: string): Search | undefined {
  const text = typed.trim();
  if (text === "") return undefined;
  const pairs = PAIRS.test(text) || FOURS.test(text) ? (text.replace(/[:.-]/g, "").match(/../g) ?? []) : [];
  if (pairs.length >= OCTETS_OF_MAC) return { kind: "client", bytes: pairs.join(":").toLowerCase() };
  // The beginning of one. Addresses of IPv6 have hardly ever two digits again and again.
  if (pairs.length > 1) return { kind: "part", text };
  const address = completeAddress(text);
  if (address !== undefined) return { kind: "address", family: address.includes(":") ? 6 : 4, address };
  return { kind: "part", text };
}

interface Leases {
  readonly leases: readonly Lease[];
}

/** Where a page of leases begins: behind this address. */
export function behind(search: Search | undefined): string {
  return (search?.kind === "address" ? addressBefore(search.address) : undefined) ?? "start";
}

/** @param from the address before the page, or `start` */
export async function loadPage(session: Session, family: Family, from: string, limit: number, signal: AbortSignal) {
  const command = `lease${family}-get-page`;
  const page = await session.ask<Leases>(SERVICE_OF[family], command, { from, limit }, signal);
  return page?.leases ?? [];
}

/** All leases of a client, or the first whose name or client has a text in it. */
export async function findLeases(
  session: Session,
  family: Family,
  search: Exclude<Search, { readonly kind: "address" }>,
  signal: AbortSignal,
): Promise<readonly Lease[]> {
  const ask = async (command: string, args: object) =>
    (await session.ask<Leases>(SERVICE_OF[family], `lease${family}-${command}`, args, signal))?.leases ?? [];
  const findPart = (text: string) => ask("get-by-part", { part: text, limit: MOST_FOUND });
  if (search.kind === "part") return findPart(search.text);
  const by = (key: string) => ask(`get-by-${key}`, { [key]: search.bytes });
  // In DHCPv6 a hardware address is looked for among all leases, and there it is a part as well.
  const keys = family === 4 ? ["hw-address", "client-id"] : ["duid"];
  const leases = (await Promise.all(keys.map(by))).flat();
  // Long as it is, it may be the beginning of a longer one.
  if (leases.length === 0) return findPart(search.bytes);
  return [...new Map(leases.map((lease) => [`${lease.type} ${lease["ip-address"]}`, lease])).values()];
}
