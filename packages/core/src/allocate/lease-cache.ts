/** Kea's lease cache, `cache-threshold` and `cache-max-age`: renewals that nothing is written for. */
import type { Seconds } from "../base/clock.ts";
import { INFINITE_LIFETIME, type Lease, LeaseState } from "../leases/model/lease.ts";
import type { Parameters } from "../subnets/parameters.ts";

/**
 * A client that renews a young lease, and about whom nothing has changed, is told what is left of it.
 * @param granted what a renewal would give; a lease that would become shorter is renewed
 * @returns the seconds left, or `undefined` when the lease must be renewed
 */
export function reuseLifetime(
  { cacheThreshold, cacheMaxAge }: Pick<Parameters, "cacheThreshold" | "cacheMaxAge">,
  lease: Lease,
  granted: Seconds,
  now: Seconds,
): Seconds | undefined {
  if (lease.state !== LeaseState.assigned || lease.validLifetime === INFINITE_LIFETIME) return undefined;
  const age = Math.max(0, now - lease.cltt);
  // Whole seconds, as in Kea: next to nothing is nothing.
  const limit = Math.min(Math.floor(cacheThreshold * lease.validLifetime), cacheMaxAge);
  const left = lease.validLifetime - age;
  return age < limit && left <= granted ? left : undefined;
}
