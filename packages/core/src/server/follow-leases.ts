/**
 * What follows the leases of every DHCP server, whoever changes them: they are counted, the DNS is told their names, and who
 * looks on is told what happens.
 */
import { RecentEvents } from "../control/commands/event/recent-events.ts";
import { ddnsMessages } from "../ddns/messages.ts";
import { NameSender } from "../ddns/name-sender.ts";
import type { NamedFamily } from "../ddns/named-family.ts";
import type { Lease } from "../leases/model/lease.ts";
import type { LeaseBatch, LeaseStore } from "../leases/model/lease-store.ts";
import { type CountedLease, type LeaseCounters, LeaseStatistics } from "../leases/statistics/lease-statistics.ts";
import type { StatisticTable } from "../stats/statistics.ts";
import type { LeaseParts } from "./server-parts.ts";

interface Followed<L extends Lease, Batch extends LeaseBatch<L>> {
  countersOf(lease: CountedLease): LeaseCounters;
  readonly named: NamedFamily<L, Batch>;
  /** Where it is noted down what the DNS updater knows. */
  readonly markFile: string;
}

export async function followLeases<L extends Lease, Batch extends LeaseBatch<L>, Table extends StatisticTable>(
  { store, clock, leaseClock, log }: LeaseParts<LeaseStore<L, Batch>, Table>,
  { countersOf, named, markFile }: Followed<L, Batch>,
): Promise<{ readonly names: NameSender<L, Batch>; readonly events: RecentEvents<L> }> {
  const now = () => leaseClock.wall();
  await LeaseStatistics.start(store, { countersOf, now, wall: () => clock.wall() });
  const events = new RecentEvents<L>(clock, now);
  store.watch(events);
  const names = new NameSender({
    family: named,
    store,
    now,
    monotonic: () => clock.monotonic(),
    markFile,
    log,
    messages: ddnsMessages,
  });
  return { names, events };
}
