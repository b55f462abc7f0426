/** Which leases somebody has, and since when they are as they are. */
import type { Seconds } from "../../base/clock.ts";
import { expiryOf, type Lease, LeaseState } from "../../leases/model/lease.ts";

export function isActive(lease: Lease, now: Seconds): boolean {
  return lease.state === LeaseState.assigned && expiryOf(lease) > now;
}

/** When it was given, renewed, declined, given back, or, of one that was reclaimed, when its time was over. */
export function changeTimeOf(lease: Lease): Seconds {
  return lease.state === LeaseState.reclaimed ? Math.min(expiryOf(lease), Number.MAX_SAFE_INTEGER) : lease.cltt;
}
