/** The commands of dhcp4d, and what they work on. */
import type { Dhcp4Config } from "@kotare/core/config/dhcp4-config";
import type { Command } from "@kotare/core/control/command";
import { type Commands, CommandTable } from "@kotare/core/control/command-table";
import { dhcpCommands } from "@kotare/core/control/commands/daemon-commands";
import type { LeaseContext4 } from "@kotare/core/control/commands/lease/lease-context";
import { leaseCommands4 } from "@kotare/core/control/commands/lease-commands";
import { describeLease4 } from "@kotare/core/control/commands/lease4/lease4-arguments";
import { parseIpv4 } from "@kotare/core/ip/ipv4";
import { lease4Csv } from "@kotare/core/leases/csv/lease4-csv";
import type { Lease4 } from "@kotare/core/leases/model/lease4";
import type { ServerContext } from "@kotare/core/server/dhcp-server";
import { usedLeaseFile } from "@kotare/core/server/leases/open-lease-file";
import type { Service4 } from "./path/service4.ts";
import type { ServerParts4 } from "./server-parts4.ts";

export const commands4: readonly Command<LeaseContext4>[] = [...dhcpCommands, ...leaseCommands4];

export function takeCommands4(
  server: ServerContext<Dhcp4Config, Service4>,
  {
    statistics,
    clock,
    log,
    store,
    leaseClock,
    paths,
  }: Pick<ServerParts4, "statistics" | "clock" | "log" | "store" | "leaseClock" | "paths">,
  names: { resend(lease: Lease4): boolean },
): Commands {
  const subnets = () => server.compiled().scope.subnets;
  const context: LeaseContext4 = {
    ...server,
    family: 4,
    commandNames: commands4.map(({ name }) => name).sort(),
    statistics,
    now: () => clock.wall(),
    begin: () => store.begin(),
    page: (after = -1, limit) => store.page(after, limit),
    parseAddress: parseIpv4,
    leaseTime: () => leaseClock.wall(),
    describe: describeLease4,
    subnets,
    subnetIds: () => Array.from(subnets().all(), ({ id }) => id).sort((a, b) => a - b),
    subnetStatistics: (id) => statistics.subnet(id),
    countHeld: store.countHeld?.bind(store),
    resendNames: (lease) => names.resend(lease),
    leaseCsv: lease4Csv,
    leaseFile: usedLeaseFile(server.config(), paths),
    dataDirectory: paths.data,
  };
  return new CommandTable(commands4, context, log);
}
