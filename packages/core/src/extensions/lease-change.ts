/** A change of a lease, as extensions see it. */
import type { Lease, LeaseChange } from "@kotare/extension";
import type { LeaseCsv } from "../leases/csv/lease-csv.ts";
import type { Lease as KeptLease } from "../leases/model/lease.ts";

/**
 * @param before what the same client had there
 * @param describe gives a lease with Kea's keys; called when that is looked at
 */
export function showChange<L extends KeptLease>(
  kind: LeaseChange["kind"],
  lease: L,
  before: L | undefined,
  describe: (lease: L) => Lease,
  csv: LeaseCsv<L>,
): LeaseChange {
  let shown: Lease | undefined;
  let shownBefore: Lease | undefined;
  return {
    kind,
    get lease() {
      shown ??= describe(lease);
      return shown;
    },
    get row() {
      return csv.format(lease, kind === "remove");
    },
    get before() {
      if (before !== undefined) shownBefore ??= describe(before);
      return shownBefore;
    },
  };
}
