/** The commands of dhcp4d, and what they work on. */
import type { Dhcp4Config } from "@kotare/core/config/dhcp4-config";
import type { Command } from "@kotare/core/control/command";
import { type Commands, CommandTable } from "@kotare/core/control/command-table";
import { dhcpCommands } from "@kotare/core/control/commands/daemon-commands";
import { editCommands4 } from "@kotare/core/control/commands/edit-commands";
import type { LeaseContext4 } from "@kotare/core/control/commands/lease/lease-context";
import { leaseCommands4 } from "@kotare/core/control/commands/lease-commands";
import { describeLease4 } from "@kotare/core/control/commands/lease4/lease4-arguments";
import { remoteCommands4 } from "@kotare/core/control/commands/remote-commands";
import { reservationCommands4 } from "@kotare/core/control/commands/reservation-commands";
import { type Ipv4, parseIpv4 } from "@kotare/core/ip/ipv4";
import { lease4Csv } from "@kotare/core/leases/csv/lease4-csv";
import type { LeaseStore4 } from "@kotare/core/leases/model/lease-store4";
import type { Lease4 } from "@kotare/core/leases/model/lease4";
import { commandContext, type Followers } from "@kotare/core/server/command-context";
import type { ServerContext } from "@kotare/core/server/server-family";
import type { LeaseParts } from "@kotare/core/server/server-parts";
import type { statistics4 } from "@kotare/core/stats/statistics4";
import type { Service4 } from "./path/service4.ts";

export const commands4: readonly Command<LeaseContext4>[] = [
  ...dhcpCommands,
  ...editCommands4,
  ...leaseCommands4,
  ...reservationCommands4,
  ...remoteCommands4,
];

export function takeCommands4(
  server: ServerContext<Dhcp4Config, Service4, Ipv4, Lease4>,
  parts: LeaseParts<LeaseStore4, typeof statistics4>,
  followers: Followers<Lease4>,
): Commands {
  const { store } = parts;
  const named = store.marked?.bind(store);
  const context: LeaseContext4 = {
    ...commandContext(server, commands4, parts, followers),
    family: 4,
    hostDatabases: () => server.compiled().hostSources.map(({ database }) => database),
    readReservation: (document) => server.compiled().scope.reservations.read(document),
    begin: () => store.begin(),
    page: (after = -1, limit, sought) => store.page(after, limit, sought),
    named: named && ((name, after, limit) => named({ kind: "hostname", name }, after, limit)),
    parseAddress: parseIpv4,
    describe: describeLease4,
    leaseCsv: lease4Csv,
  };
  return new CommandTable(commands4, context, parts.log);
}
