/** Kea's `adaptive-lease-time-threshold`: from when on the pools of a subnet count as nearly used up. */
import { inherit } from "../config/inherit.ts";
import type { LeaseLimit } from "../leases/model/lease-limit.ts";
import type { LeaseType6 } from "../leases/model/lease6.ts";
import type { Scope4Config, Scope6Config } from "./parameters.ts";

export interface Scarcity {
  /** The share of all members, above 0 and up to 1. */
  readonly threshold: number;
  /** The leases of the subnet, for a store that does not know how many of them are in which pool. */
  readonly counted: LeaseLimit;
}

/**
 * @param scopes as `resolveParameters` takes them
 * @param allocator only `flq` takes notice, as in Kea
 */
export function scarcityOf(
  scopes: readonly (Scope4Config | Scope6Config)[],
  allocator: string,
  subnetId: number,
  type: LeaseType6,
): Scarcity | undefined {
  const threshold = inherit(scopes, "adaptive-lease-time-threshold");
  if (threshold === undefined || allocator !== "flq") return undefined;
  return { threshold, counted: { of: subnetId, type, most: Number.POSITIVE_INFINITY } };
}
