/** Kea's `adaptive-lease-time-threshold`: what is nearly used up is lent for a short time. */
import type { Seconds } from "../base/clock.ts";
import { expiryOf, INFINITE_LIFETIME, type Lease, LeaseState } from "../leases/model/lease.ts";
import type { Lifetime } from "../subnets/lifetime.ts";

/**
 * Whether pools are nearly used up, counting what is being given.
 * @param held how many of their `size` members somebody holds
 * @param current what the store has where something is given
 */
export function isScarce(
  threshold: number,
  { size, held }: { readonly size: number; readonly held: number },
  current: Lease | undefined,
  now: Seconds,
): boolean {
  const all = isHeld(current, now) ? held : held + 1;
  return Math.min(all, size) >= threshold * size;
}

/** The shortest lifetime; but nobody loses what is left of a lease. */
export function shortest({ min, default: usual }: Lifetime, left: Seconds): Seconds {
  return Math.min(Math.max(min, left), usual);
}

/** How long a lease that is held goes on without being renewed. */
export function timeLeft(lease: Lease | undefined, now: Seconds): Seconds {
  if (lease === undefined || !isHeld(lease, now)) return 0;
  return lease.validLifetime === INFINITE_LIFETIME ? INFINITE_LIFETIME : expiryOf(lease) - now;
}

function isHeld(lease: Lease | undefined, now: Seconds): boolean {
  return lease?.state === LeaseState.assigned && expiryOf(lease) > now;
}
