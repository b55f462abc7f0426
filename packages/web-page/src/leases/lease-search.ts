/** What somebody looks for among the leases, by how it is written, and the commands that find it. */

import type { Session } from "../session.ts";
import { addressBefore, completeAddress } from "./address-order.ts";
import { type Family, type Lease, SERVICE_OF } from "./lease.ts";

export type Search =
  /** Leases from an address on. */
  | { readonly kind: "address"; readonly family: Family; readonly address: string }
  /** Those of a hardware address, a client identifier or a DUID: bytes with colons. */
  | { readonly kind: "client"; readonly bytes: string }
  | { readonly kind: "name"; readonly name: string };

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
  const address = completeAddress(text);
  if (address !== undefined) return { kind: "address", family: address.includes(":") ? 6 : 4, address };
  return { kind: "name", name: text };
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

/** All leases of a client or a name. */
export async function findLeases(
  session: Session,
  family: Family,
  search: Exclude<Search, { readonly kind: "address" }>,
  signal: AbortSignal,
): Promise<readonly Lease[]> {
  const by = (key: string, value: string) =>
    session.ask<Leases>(SERVICE_OF[family], `lease${family}-get-by-${key}`, { [key]: value }, signal);
  const answers =
    search.kind === "name"
      ? [await by("hostname", search.name)]
      : await Promise.all([by("hw-address", search.bytes), by(family === 4 ? "client-id" : "duid", search.bytes)]);
  const leases = answers.flatMap((answer) => answer?.leases ?? []);
  return [...new Map(leases.map((lease) => [`${lease.type} ${lease["ip-address"]}`, lease])).values()];
}
