/** dhcp6d: the composition root. */
import type { Dhcp6Config } from "@kotare/core/config/dhcp6-config";
import { dhcp6Family } from "@kotare/core/config/dhcp6-family";
import { countSubnets } from "@kotare/core/config/each-subnet";
import type { Tree6 } from "@kotare/core/config/edit/config-tree";
import { wantsPdRoutes } from "@kotare/core/config/pd-routes6";
import { storedConfig6 } from "@kotare/core/config-database/stored-config6";
import type { LeaseDatabase6 } from "@kotare/core/leases/database/shared-store6";
import type { LeaseStore6 } from "@kotare/core/leases/model/lease-store6";
import type { Lease6 } from "@kotare/core/leases/model/lease6";
import { runDaemon } from "@kotare/core/program/run-daemon";
import { dhcpDaemon } from "@kotare/core/server/dhcp-daemon";
import { checkSurroundings } from "@kotare/core/server/interfaces/check-surroundings";
import { interfaceRules6 } from "@kotare/core/server/interfaces/interface-rules6";
import { neededCapabilities } from "@kotare/core/server/interfaces/portable";
import { leaseMover6 } from "@kotare/core/server/leases/move-leases";
import { type OpenDatabase, openLeaseDatabase6 } from "@kotare/core/server/leases/open-lease-database";
import { openLeaseFile6, usedLeaseFile } from "@kotare/core/server/leases/open-lease-file";
import { statistics6 } from "@kotare/core/stats/statistics6";
import { explainer6 } from "./explain/explainer6.ts";
import { life6, server6 } from "./report/messages6.ts";
import { startServer6 } from "./server6.ts";
import { rehearse6 } from "./stage6.ts";
import { commands6 } from "./take-commands6.ts";

void runDaemon(
  dhcpDaemon<Dhcp6Config, LeaseStore6, typeof statistics6, OpenDatabase<Lease6, LeaseDatabase6>, Tree6>({
    number: 6,
    callExample: "$0 call lease6-get ip-address=2001:db8::17",
    config: dhcp6Family,
    source: storedConfig6,
    configWorker: new URL("./config-worker.mjs", import.meta.url),
    messages: { life: life6, server: server6 },
    commands: commands6,
    statistics: statistics6,
    faultsOf: ({ global }) => global["pkt6-processing-failed"],
    ports: { server: 547, client: 546 },
    countSubnets,
    checkSurroundings: (config, paths) =>
      checkSurroundings(interfaceRules6, config["interfaces-config"], usedLeaseFile(config, paths), [
        ...neededCapabilities(config),
        ...(wantsPdRoutes(config) ? (["CAP_NET_ADMIN"] as const) : []),
      ]),
    databases: {
      mysql: {
        admin: async () => (await import("@kotare/mysql/mysql-admin")).openMysqlAdmin,
        leases: async () => (await import("@kotare/mysql/open-mysql")).openMysql6,
        hosts: async () => (await import("@kotare/mysql/hosts/open-mysql-hosts")).openMysqlHosts,
        config: async () => (await import("@kotare/mysql/config/open-mysql-config")).openMysqlConfig,
        log: async () => (await import("@kotare/mysql/open-mysql-log")).openMysqlLog,
      },
      postgresql: {
        admin: async () => (await import("@kotare/postgresql/postgresql-admin")).openPostgresqlAdmin,
        leases: async () => (await import("@kotare/postgresql/open-postgresql")).openPostgresql6,
        hosts: async () => (await import("@kotare/postgresql/hosts/open-postgresql-hosts")).openPostgresqlHosts,
        config: async () => (await import("@kotare/postgresql/config/open-postgresql-config")).openPostgresqlConfig,
        log: async () => (await import("@kotare/postgresql/open-postgresql-log")).openPostgresqlLog,
      },
    },
    openLeaseFile: openLeaseFile6,
    openLeaseDatabase: openLeaseDatabase6,
    leaseMover: (messages, open) =>
      leaseMover6(messages, open, async () => (await import("@kotare/convert/leases/leases6")).leases6),
    converter: async () => (await import("@kotare/convert/converter")).converter(6),
    explainer: explainer6,
    rehearse: rehearse6,
    start: startServer6,
  }),
);
