/** dhcp4d: the composition root. */
import { systemClock } from "@kotare/core/base/clock";
import type { Dhcp4Config } from "@kotare/core/config/dhcp4-config";
import { dhcp4Family } from "@kotare/core/config/dhcp4-family";
import type { LeaseStore } from "@kotare/core/leases/model/lease-store";
import { runDaemon } from "@kotare/core/program/run-daemon";
import { checkSurroundings } from "@kotare/core/server/interfaces/check-surroundings";
import { interfaceRules4 } from "@kotare/core/server/interfaces/interface-rules4";
import { leaseMover4 } from "@kotare/core/server/leases/move-leases";
import { type LeaseDatabaseParts, openLeaseDatabase4 } from "@kotare/core/server/leases/open-lease-database";
import { type OpenedLeases, openLeaseFile4, usedLeaseFile } from "@kotare/core/server/leases/open-lease-file";
import { Statistics } from "@kotare/core/stats/statistics";
import { statistics4 } from "@kotare/core/stats/statistics4";
import { life, server } from "./report/messages4.ts";
import { startServer4 } from "./server4.ts";
import { commands4 } from "./take-commands4.ts";

const statistics = new Statistics(statistics4, systemClock.wall());

await runDaemon<Dhcp4Config>({
  program: {
    name: "dhcp4d",
    summary: "DHCPv4 server that reads Kea's configuration and lease files",
    exampleConfig: "/etc/kea/kea-dhcp4.conf",
    callExample: "$0 call lease4-get ip-address=192.0.2.17",
    ports: true,
  },
  keaName: "kea-dhcp4",
  service: "dhcp4",
  family: dhcp4Family,
  configWorker: new URL("./config-worker.mjs", import.meta.url),
  messages: life,
  commands: commands4,
  describeConfig: (config) => `${countSubnets(config)} subnets`,
  checkSurroundings: (config, paths) =>
    checkSurroundings(interfaceRules4, config["interfaces-config"], usedLeaseFile(config, paths)),
  // Loaded when they are needed: a server with a lease file starts sooner without.
  databases: {
    mysql: async (settings) => (await import("@kotare/lease-mysql/mysql-admin")).openMysqlAdmin(settings),
    postgresql: async (settings) =>
      (await import("@kotare/lease-postgresql/postgresql-admin")).openPostgresqlAdmin(settings),
  },
  leaseMover: leaseMover4(server, openLeases),
  countFault: () => statistics.global["pkt4-processing-failed"].add(1, systemClock.wall()),
  async start(config, { paths, log, ports, stopping, onStatus, giveUp }) {
    const parts = { paths, clock: systemClock, log, messages: server, signal: stopping, giveUp };
    const leases = await openLeases(config, parts);
    return startServer4(config, {
      ...leases,
      paths,
      clock: systemClock,
      log,
      statistics,
      ports: { server: ports.server ?? 67, client: ports.client ?? 68 },
      onStatus,
      giveUp,
    });
  },
});

async function openLeases(config: Dhcp4Config, parts: LeaseDatabaseParts): Promise<OpenedLeases<LeaseStore>> {
  const { type } = config["lease-database"];
  if (type === "memfile") return openLeaseFile4(config, parts);
  return openLeaseDatabase4(config, await opener(type), parts);
}

async function opener(type: "mysql" | "postgresql") {
  if (type === "mysql") return (await import("@kotare/lease-mysql/open-mysql")).openMysql4;
  return (await import("@kotare/lease-postgresql/open-postgresql")).openPostgresql4;
}

function countSubnets(config: Dhcp4Config): number {
  return config["shared-networks"].reduce((sum, { subnet4 }) => sum + subnet4.length, config.subnet4.length);
}
