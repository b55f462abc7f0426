/** What counts DHCPv6 leases: addresses and prefixes, each in pools of their own. */
import type { Statistics } from "../../stats/statistics.ts";
import type { statistics6 } from "../../stats/statistics6.ts";
import { LeaseState } from "../model/lease.ts";
import { LeaseType6 } from "../model/lease6.ts";
import type { CountedLease, LeaseCounters } from "./lease-statistics.ts";

export function leaseCounters6(
  statistics: Statistics<typeof statistics6>,
  { type, subnetId, poolId, state }: CountedLease,
): LeaseCounters {
  if (type === LeaseType6.prefix) {
    const pool = statistics.pool("pd-pool", subnetId, poolId);
    return {
      assigned: pool["assigned-pds"],
      cumulative: pool["cumulative-assigned-pds"],
      reclaimed: pool["reclaimed-leases"],
      declined: undefined,
      reclaimedDeclined: undefined,
    };
  }
  if (state === LeaseState.registered) {
    const subnet = statistics.subnet(subnetId);
    return {
      assigned: subnet["registered-nas"],
      cumulative: subnet["cumulative-registered-nas"],
      reclaimed: subnet["reclaimed-leases"],
      declined: undefined,
      reclaimedDeclined: undefined,
    };
  }
  const pool = statistics.pool("pool", subnetId, poolId);
  return {
    assigned: pool["assigned-nas"],
    cumulative: pool["cumulative-assigned-nas"],
    reclaimed: pool["reclaimed-leases"],
    declined: pool["declined-addresses"],
    reclaimedDeclined: pool["reclaimed-declined-addresses"],
  };
}
