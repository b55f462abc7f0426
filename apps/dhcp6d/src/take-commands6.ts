/** The commands of dhcp6d, and what they work on. */
import type { Dhcp6Config } from "@kotare/core/config/dhcp6-config";
import type { Command } from "@kotare/core/control/command";
import { type Commands, CommandTable } from "@kotare/core/control/command-table";
import { dhcpCommands } from "@kotare/core/control/commands/daemon-commands";
import { editCommands6 } from "@kotare/core/control/commands/edit-commands";
import type { LeaseContext6 } from "@kotare/core/control/commands/lease/lease-context";
import { leaseCommands6 } from "@kotare/core/control/commands/lease-commands";
import { describeLease6 } from "@kotare/core/control/commands/lease6/lease6-arguments";
import { remoteCommands6 } from "@kotare/core/control/commands/remote-commands";
import { reservationCommands6 } from "@kotare/core/control/commands/reservation-commands";
import { type Ipv6Key, parseIpv6Key } from "@kotare/core/ip/ipv6-key";
import { lease6Csv } from "@kotare/core/leases/csv/lease6-csv";
import type { Found } from "@kotare/core/leases/model/lease-store";
import type { LeaseStore6 } from "@kotare/core/leases/model/lease-store6";
import { type Lease6, LeaseType6 } from "@kotare/core/leases/model/lease6";
import type { Sought } from "@kotare/core/leases/model/sought";
import { commandContext, type Followers } from "@kotare/core/server/command-context";
import { leasequerySettings } from "@kotare/core/server/leasequery/settings";
import type { ServerContext } from "@kotare/core/server/server-family";
import type { LeaseParts } from "@kotare/core/server/server-parts";
import type { statistics6 } from "@kotare/core/stats/statistics6";
import type { Service6 } from "./path/service6.ts";

export const commands6: readonly Command<LeaseContext6>[] = [
  ...dhcpCommands,
  ...editCommands6,
  ...leaseCommands6,
  ...reservationCommands6,
  ...remoteCommands6,
];

export function takeCommands6(
  server: ServerContext<Dhcp6Config, Service6, Ipv6Key, Lease6>,
  parts: LeaseParts<LeaseStore6, typeof statistics6>,
  followers: Followers<Lease6>,
): Commands {
  const { store } = parts;
  const named = store.marked?.bind(store);
  const context: LeaseContext6 = {
    ...commandContext(server, commands6, parts, followers),
    status: () => ({
      ...server.status(),
      "extended-info-tables": leasequerySettings(server.config(), 6)?.hasRelayIds === true,
    }),
    family: 6,
    hostDatabases: () => server.compiled().hostSources.map(({ database }) => database),
    readReservation: (document) => server.compiled().scope.reservations.read(document),
    begin: () => store.begin(),
    page: (after, limit, sought) => pageOf(store, after, limit, sought),
    named: named && ((name, after, limit) => named({ kind: "hostname", name }, after, limit)),
    parseAddress: parseIpv6Key,
    describe: describeLease6,
    leaseCsv: lease6Csv,
  };
  return new CommandTable(commands6, context, parts.log);
}

/** Addresses and prefixes in one order. What begins with the same address stays together: the next page is behind it. */
export function pageOf(store: LeaseStore6, after: Ipv6Key | undefined, limit: number, sought?: Sought): Found<Lease6> {
  const addresses = store.page(LeaseType6.address, after, limit, sought);
  const prefixes = store.page(LeaseType6.prefix, after, limit, sought);
  if (addresses instanceof Promise || prefixes instanceof Promise) {
    return Promise.all([addresses, prefixes]).then(([a, b]) => merge([...a, ...b], limit));
  }
  return merge([...addresses, ...prefixes], limit);
}

function merge(leases: Lease6[], limit: number): readonly Lease6[] {
  leases.sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : a.type - b.type));
  let end = Math.min(limit, leases.length);
  while (end > 0 && end < leases.length && leases[end]!.address === leases[end - 1]!.address) end++;
  return leases.slice(0, end);
}
