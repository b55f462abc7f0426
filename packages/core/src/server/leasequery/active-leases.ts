/** Which leases somebody has, and since when they are as they are. */
import type { Seconds } from "../../base/clock.ts";
import { expiryOf, type Lease, LeaseState } from "../../leases/model/lease.ts";

export function isActive(lease: Lease, now: Seconds): boolean {
  return lease.state === LeaseState.assigned && expiryOf(lease) > now;
}

/** When it was given, renewed, declined, given back, or, of one that is over, when that came. */
export function changeTimeOf(lease: Lease, now: Seconds): Seconds {
  const expiry = expiryOf(lease);
  const isOver = lease.state === LeaseState.reclaimed || (lease.state === LeaseState.assigned && expiry <= now);
  return isOver ? Math.min(expiry, Number.MAX_SAFE_INTEGER) : lease.cltt;
}
