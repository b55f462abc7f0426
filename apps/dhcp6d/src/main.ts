/** dhcp6d: the composition root. */
import { systemClock } from "@kotare/core/base/clock";
import type { Dhcp6Config } from "@kotare/core/config/dhcp6-config";
import { dhcp6Family } from "@kotare/core/config/dhcp6-family";
import { wantsPdRoutes } from "@kotare/core/config/pd-routes";
import type { LeaseStore6 } from "@kotare/core/leases/model/lease-store6";
import { runDaemon } from "@kotare/core/program/run-daemon";
import { checkSurroundings } from "@kotare/core/server/interfaces/check-surroundings";
import { interfaceRules6 } from "@kotare/core/server/interfaces/interface-rules6";
import { NEEDED_CAPABILITIES } from "@kotare/core/server/interfaces/sockets";
import { leaseMover6 } from "@kotare/core/server/leases/move-leases";
import { type LeaseDatabaseParts, openLeaseDatabase6 } from "@kotare/core/server/leases/open-lease-database";
import { type OpenedLeases, openLeaseFile6, usedLeaseFile } from "@kotare/core/server/leases/open-lease-file";
import { Statistics } from "@kotare/core/stats/statistics";
import { statistics6 } from "@kotare/core/stats/statistics6";
import { life, server } from "./report/messages6.ts";
import { startServer6 } from "./server6.ts";
import { commands6 } from "./take-commands6.ts";

const statistics = new Statistics(statistics6, systemClock.wall());

await runDaemon<Dhcp6Config>({
  program: {
    name: "dhcp6d",
    summary: "DHCPv6 server that reads Kea's configuration and lease files",
    exampleConfig: "/etc/kea/kea-dhcp6.conf",
    callExample: "$0 call lease6-get ip-address=2001:db8::17",
    ports: true,
  },
  keaName: "kea-dhcp6",
  service: "dhcp6",
  family: dhcp6Family,
  configWorker: new URL("./config-worker.mjs", import.meta.url),
  messages: life,
  commands: commands6,
  describeConfig: (config) => `${countSubnets(config)} subnets`,
  checkSurroundings: (config, paths) =>
    checkSurroundings(interfaceRules6, config["interfaces-config"], usedLeaseFile(config, paths), [
      ...NEEDED_CAPABILITIES,
      ...(wantsPdRoutes(config) ? (["CAP_NET_ADMIN"] as const) : []),
    ]),
  // Loaded when they are needed: a server with a lease file starts sooner without.
  databases: {
    mysql: async (settings) => (await import("@kotare/lease-mysql/mysql-admin")).openMysqlAdmin(settings),
    postgresql: async (settings) =>
      (await import("@kotare/lease-postgresql/postgresql-admin")).openPostgresqlAdmin(settings),
  },
  leaseMover: leaseMover6(server, openLeases),
  countFault: () => statistics.global["pkt6-processing-failed"].add(1, systemClock.wall()),
  async start(config, { paths, log, ports, stopping, onStatus, giveUp }) {
    const parts = { paths, clock: systemClock, log, messages: server, signal: stopping, giveUp };
    const leases = await openLeases(config, parts);
    return startServer6(config, {
      ...leases,
      paths,
      clock: systemClock,
      log,
      statistics,
      ports: { server: ports.server ?? 547, client: ports.client ?? 546 },
      onStatus,
      giveUp,
    });
  },
});

async function openLeases(config: Dhcp6Config, parts: LeaseDatabaseParts): Promise<OpenedLeases<LeaseStore6>> {
  const { type } = config["lease-database"];
  if (type === "memfile") return openLeaseFile6(config, parts);
  return openLeaseDatabase6(config, await opener(type), parts);
}

async function opener(type: "mysql" | "postgresql") {
  if (type === "mysql") return (await import("@kotare/lease-mysql/open-mysql")).openMysql6;
  return (await import("@kotare/lease-postgresql/open-postgresql")).openPostgresql6;
}

function countSubnets(config: Dhcp6Config): number {
  return config["shared-networks"].reduce((sum, { subnet6 }) => sum + subnet6.length, config.subnet6.length);
}
