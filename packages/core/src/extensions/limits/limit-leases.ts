/** Has a store count leases for the limits of extensions. */
import { isDeepStrictEqual } from "node:util";
import type { LeaseStore } from "../../leases/model/lease-store.ts";
import type { Extensions } from "../start-extensions.ts";
import { leaseLimitsOf } from "./lease-limits-of.ts";

/** Leases are counted anew only where the limits are others. */
export async function limitLeases(
  extensions: Extensions,
  former: Extensions,
  store: Pick<LeaseStore<never, never>, "limit">,
): Promise<void> {
  const limitsOf = (these: Extensions) => these.flatMap(({ contributions }) => leaseLimitsOf(contributions));
  const limits = limitsOf(extensions);
  if (!isDeepStrictEqual(limits, limitsOf(former))) await store.limit(limits);
}
