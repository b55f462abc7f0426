/**
 * Names that are still to be taken out of the DNS, in the `user-context` of what is now where their lease was: as durable
 * as the lease's end, and found again after a restart. Kea, which reads the same file, does not mind.
 */
import { ownContext, withOwn } from "./user-context.ts";

export interface OwedRemoval {
  /** RFC 1035 text that ends in a dot. */
  readonly fqdn: string;
  readonly forward: boolean;
  readonly reverse: boolean;
  /** Hexadecimal digits. */
  readonly dhcid: string;
}

export interface OwedRemovals {
  /** The oldest first. */
  readonly removals: readonly OwedRemoval[];
  /** Whether the place is to be free when nothing is owed any more. */
  readonly isGone: boolean;
}

const KEY = "ddns-owed";
const NOTHING: OwedRemovals = { removals: [], isGone: false };

export function owesRemovals(userContext: string): boolean {
  return userContext.includes(`"${KEY}"`) && owedRemovals(userContext).removals.length > 0;
}

/** As `withOwedRemovals` kept them; what is not in its form is owed to nobody. */
export function owedRemovals(userContext: string): OwedRemovals {
  if (!userContext.includes(`"${KEY}"`)) return NOTHING;
  const owed = ownContext(userContext)[KEY];
  if (typeof owed !== "object" || owed === null || !("removals" in owed) || !Array.isArray(owed.removals))
    return NOTHING;
  return { removals: owed.removals.filter(isRemoval), isGone: "gone" in owed && owed.gone === true };
}

export function withOwedRemovals(userContext: string, { removals, isGone }: OwedRemovals): string {
  return withOwn(userContext, KEY, removals.length === 0 ? undefined : { removals, ...(isGone ? { gone: true } : {}) });
}

export function isSameRemoval(a: OwedRemoval, b: OwedRemoval): boolean {
  return a.fqdn === b.fqdn && a.dhcid === b.dhcid && a.forward === b.forward && a.reverse === b.reverse;
}

export function keyOfRemoval({ fqdn, dhcid }: OwedRemoval): string {
  return `${dhcid} ${fqdn}`;
}

function isRemoval(value: unknown): value is OwedRemoval {
  if (typeof value !== "object" || value === null) return false;
  const { fqdn, forward, reverse, dhcid }: Partial<Record<keyof OwedRemoval, unknown>> = value;
  const isNamed = typeof fqdn === "string" && typeof dhcid === "string" && /^(?:[0-9a-f]{2})+$/.test(dhcid);
  return isNamed && typeof forward === "boolean" && typeof reverse === "boolean";
}
