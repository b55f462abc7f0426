/** What counts DHCPv4 leases. */
import type { Statistics } from "../../stats/statistics.ts";
import type { statistics4 } from "../../stats/statistics4.ts";
import type { CountedLease, LeaseCounters } from "./lease-statistics.ts";

export function leaseCounters4(
  statistics: Statistics<typeof statistics4>,
  { subnetId, poolId }: CountedLease,
): LeaseCounters {
  const pool = statistics.pool("pool", subnetId, poolId);
  return {
    assigned: pool["assigned-addresses"],
    cumulative: pool["cumulative-assigned-addresses"],
    reclaimed: pool["reclaimed-leases"],
    declined: pool["declined-addresses"],
    reclaimedDeclined: pool["reclaimed-declined-addresses"],
  };
}
