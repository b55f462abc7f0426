/** What a lease has in the DNS while it lasts. */
import { equalBytes } from "../base/bytes.ts";
import { isUsed, type Lease, LeaseState } from "../leases/model/lease.ts";
import type { OwedRemoval } from "../leases/user-context/owed-removals.ts";
import { makeDhcid } from "../ncr/dhcid.ts";
import { checkLabels, formatLabels, parseLabels } from "../wire/domain-name.ts";
import { TextError } from "../wire/text-fields.ts";
import type { Identity } from "./named-family.ts";

type Identify<L> = (lease: L) => Identity;

/** The name that the lease has there, or is to have, as `fqdnOf`. */
export function publishedName(lease: Lease): string | undefined {
  return isUsed(lease) && (lease.fqdnFwd || lease.fqdnRev) ? fqdnOf(lease) : undefined;
}

export function isPublished(lease: Lease): boolean {
  return publishedName(lease) !== undefined;
}

/**
 * Whether its end leaves a name in the DNS. What was given back to Kea ≥ 2.7 has lasted no time, and its name stays until it is
 * reclaimed: then the row says no more that there is one.
 */
export function leavesName(lease: Lease): boolean {
  const { state, validLifetime, fqdnFwd, fqdnRev } = lease;
  if (state !== LeaseState.reclaimed) return isPublished(lease);
  return validLifetime === 0 && (fqdnFwd || fqdnRev) && fqdnOf(lease) !== undefined;
}

/** Whether two published leases of one address have the same in the DNS. */
export function isSameName<L extends Lease>(a: L, b: L, identify: Identify<L>): boolean {
  if (a === b) return true;
  if (a.hostname !== b.hostname || a.fqdnFwd !== b.fqdnFwd || a.fqdnRev !== b.fqdnRev) return false;
  return isSameOwner(a, b, identify);
}

/** Whether the DNS takes two leases for leases of one client. */
export function isSameOwner<L extends Lease>(a: L, b: L, identify: Identify<L>): boolean {
  const before = identify(a);
  const after = identify(b);
  return before.type === after.type && equalBytes(before.bytes, after.bytes);
}

/** What is to be done when a published lease ends. */
export function removalOf<L extends Lease>(lease: L, identify: Identify<L>): OwedRemoval {
  const fqdn = fqdnOf(lease)!;
  return { fqdn, forward: lease.fqdnFwd, reverse: lease.fqdnRev, dhcid: dhcidOf(lease, fqdn, identify) };
}

export function dhcidOf<L extends Lease>(lease: L, fqdn: string, identify: Identify<L>): string {
  const { type, bytes } = identify(lease);
  return makeDhcid(type, bytes, fqdn);
}

/** Names of which nothing has to be escaped, and no label is too long. */
const PLAIN = /^(?:[\w-]{1,63}\.)*[\w-]{1,63}\.?$/;
const MAX_PLAIN = 253;

/**
 * RFC 1035 text that ends in a dot; `undefined` when the lease's host name is empty or no name. One that ends in a dot
 * is such text, out of an FQDN option; another is what a client or an operator has written.
 */
export function fqdnOf({ hostname }: Pick<Lease, "hostname">): string | undefined {
  if (hostname.length <= MAX_PLAIN && PLAIN.test(hostname)) return hostname.endsWith(".") ? hostname : `${hostname}.`;
  if (hostname === "" || hostname === ".") return undefined;
  const labels = hostname.endsWith(".")
    ? labelsOf(hostname)
    : hostname.split(".").map((text) => Buffer.from(text, "latin1"));
  return labels === undefined || checkLabels(labels) !== undefined ? undefined : formatLabels(labels);
}

/** Names are the same whatever their case (RFC 4343). */
export function nameKey(fqdn: string): string {
  return fqdn.toLowerCase();
}

function labelsOf(text: string): readonly Uint8Array[] | undefined {
  try {
    return parseLabels(text);
  } catch (error) {
    if (error instanceof TextError) return undefined;
    throw error;
  }
}
