/** What the gauges of a server say, and what they should say: all leases counted anew. */
import { type Lease, LeaseState } from "@kotare/core/leases/model/lease";
import type { CountedLease, LeaseCounters } from "@kotare/core/leases/statistics/lease-statistics";
import { type ListedSubnet, Statistics, type StatisticTable } from "@kotare/core/stats/statistics";

export type Numbers = Readonly<Record<string, number | bigint>>;

/** Of what is listed; those that are zero left out. */
export function readGauges(statistics: Statistics<StatisticTable>): Numbers {
  const gauges = [...statistics.entries()].filter(([, { kind, value }]) => kind !== "counter" && value !== 0);
  return Object.fromEntries(gauges.map(([name, { value }]) => [name, value]));
}

/** @param leases all that there are, those on offer left out */
export function recountGauges<Table extends StatisticTable, L extends Lease & CountedLease>(
  table: Table,
  subnets: Iterable<ListedSubnet>,
  leases: Iterable<L>,
  countersOf: (statistics: Statistics<Table>, lease: L) => LeaseCounters,
): Numbers {
  const statistics = new Statistics(table, 0);
  for (const _ of statistics.list(subnets, 0));
  for (const lease of leases) {
    const { assigned, declined } = countersOf(statistics, lease);
    if (lease.state === LeaseState.assigned || lease.state === LeaseState.declined) assigned.add(1, 0);
    if (lease.state === LeaseState.declined) declined?.add(1, 0);
  }
  return readGauges(statistics);
}
