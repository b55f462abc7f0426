/** A change of a lease, as extensions see it. */
import type { Lease, LeaseChange } from "@kotare/extension";

/** @param describe gives the lease with Kea's keys; called when that is looked at */
export function showChange<L>(kind: LeaseChange["kind"], lease: L, describe: (lease: L) => Lease): LeaseChange {
  let shown: Lease | undefined;
  return {
    kind,
    get lease() {
      shown ??= describe(lease);
      return shown;
    },
  };
}
