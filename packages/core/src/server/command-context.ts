/** What the commands of a DHCP server work on, as far as both families have it. */
import type { Command } from "../control/command.ts";
import type { RecentEvents } from "../control/commands/event/recent-events.ts";
import type { AnyLease, LeaseContext } from "../control/commands/lease/lease-context.ts";
import type { PacketRecorder } from "../control/recorded-packet.ts";
import { dataDirectoryOf } from "../daemon/config/confine-paths.ts";
import type { NameSender } from "../ddns/name-sender.ts";
import type { LeaseBatch, LeaseStore } from "../leases/model/lease-store.ts";
import type { StatisticTable } from "../stats/statistics.ts";
import type { CallOnChange } from "../summons/call-on-change.ts";
import type { Summoner } from "../summons/summoner.ts";
import { type DhcpConfig, usedLeaseFile } from "./leases/open-lease-file.ts";
import type { ServerContext } from "./server-family.ts";
import type { LeaseParts } from "./server-parts.ts";

/** A configuration in force. */
interface Compiled {
  readonly scope: { readonly subnets: { all(): Iterable<{ readonly id: number }> } };
}

/** What a family says itself. */
type Own =
  | "config"
  | "check"
  | "changeConfig"
  | "family"
  | "begin"
  | "page"
  | "named"
  | "parseAddress"
  | "describe"
  | "leaseCsv";

/** What follows the leases, as far as commands have to do with it. */
export interface Followers<L extends AnyLease> {
  readonly names: Pick<NameSender<L, LeaseBatch<L>>, "resend" | "adopt" | "resendSince">;
  readonly events: Pick<RecentEvents<L>, "since">;
  readonly summoner: Summoner<L>;
  readonly record: PacketRecorder;
  readonly calls: Pick<CallOnChange<L>, "reservationChanged">;
}

export function commandContext<
  L extends AnyLease,
  Batch extends LeaseBatch<L>,
  Config extends DhcpConfig,
  Service extends Compiled,
  Address,
  Table extends StatisticTable,
>(
  server: ServerContext<Config, Service, Address, L>,
  commands: readonly Command<never>[],
  { statistics, clock, store, leaseClock, paths }: LeaseParts<LeaseStore<L, Batch>, Table>,
  { names, events, summoner, record, calls }: Followers<L>,
): Omit<LeaseContext<L>, Own> &
  Pick<ServerContext<Config, Service, Address, L>, "config" | "check" | "changeConfig" | "served"> & {
    subnets(): Service["scope"]["subnets"];
    readonly summoner: Summoner<L>;
    reservationChanged: CallOnChange<L>["reservationChanged"];
  } {
  const subnets = (): Service["scope"]["subnets"] => server.compiled().scope.subnets;
  const leaseFile = usedLeaseFile(server.config(), paths);
  return {
    ...server,
    commandNames() {
      const names = [...commands.map(({ name }) => name), ...server.extensionCommands().keys()];
      return names.sort();
    },
    statistics,
    now: () => clock.wall(),
    leaseTime: () => leaseClock.wall(),
    subnets,
    subnetIds: () => Array.from(subnets().all(), ({ id }) => id).sort((a, b) => a - b),
    subnetStatistics: (id) => statistics.subnet(id),
    countHeld: store.countHeld?.bind(store),
    resendNames: (lease) => names.resend(lease),
    resendNamesSince: (since) => names.resendSince(since),
    adopt: (as, change) => names.adopt(as, change),
    events,
    summoner,
    record,
    reservationChanged: (change) => calls.reservationChanged(change),
    leaseFile,
    status: () => ({ ...server.status(), ...(leaseFile === undefined ? {} : { "csv-lease-file": leaseFile }) }),
    dataDirectory: dataDirectoryOf(server.config(), paths),
  };
}
