/**
 * What follows the leases of every DHCP server, whoever changes them: they are counted, the DNS is told their names, and who
 * looks on is told what happens.
 */
import { join } from "node:path";
import { RecentEvents } from "../control/commands/event/recent-events.ts";
import { dataDirectoryOf } from "../daemon/config/confine-paths.ts";
import { ddnsMessages } from "../ddns/messages.ts";
import { NameSender } from "../ddns/name-sender.ts";
import type { NamedFamily } from "../ddns/named-family.ts";
import type { Lease } from "../leases/model/lease.ts";
import type { LeaseBatch, LeaseStore } from "../leases/model/lease-store.ts";
import { type CountedLease, type LeaseCounters, LeaseStatistics } from "../leases/statistics/lease-statistics.ts";
import type { Statistics, StatisticTable } from "../stats/statistics.ts";
import type { DhcpConfig } from "./leases/open-lease-file.ts";
import type { LeaseParts } from "./server-parts.ts";

interface Followed<L extends Lease, Batch extends LeaseBatch<L>, Table extends StatisticTable> {
  countersOf(statistics: Statistics<Table>, lease: CountedLease): LeaseCounters;
  readonly named: NamedFamily<L, Batch>;
}

export async function followLeases<L extends Lease, Batch extends LeaseBatch<L>, Table extends StatisticTable>(
  config: DhcpConfig,
  { store, clock, leaseClock, log, statistics, paths }: LeaseParts<LeaseStore<L, Batch>, Table>,
  { countersOf, named }: Followed<L, Batch, Table>,
): Promise<{ readonly names: NameSender<L, Batch>; readonly events: RecentEvents<L> }> {
  const now = () => leaseClock.wall();
  await LeaseStatistics.start<L, Batch>(store, {
    countersOf: (lease) => countersOf(statistics, lease),
    now,
    wall: () => clock.wall(),
  });
  const events = new RecentEvents<L>(clock, now);
  store.watch(events);
  const names = new NameSender({
    family: named,
    store,
    now,
    monotonic: () => clock.monotonic(),
    markFile: join(dataDirectoryOf(config, paths), `kotare-dhcp${"subnet4" in config ? 4 : 6}-ddns`),
    log,
    messages: ddnsMessages,
  });
  return { names, events };
}
