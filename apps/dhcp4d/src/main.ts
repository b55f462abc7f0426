/** dhcp4d: the composition root. */
import type { Dhcp4Config } from "@kotare/core/config/dhcp4-config";
import { dhcp4Family } from "@kotare/core/config/dhcp4-family";
import { countSubnets } from "@kotare/core/config/each-subnet";
import type { Tree4 } from "@kotare/core/config/edit/config-tree";
import { storedConfig4 } from "@kotare/core/config-database/stored-config4";
import type { LeaseDatabase4 } from "@kotare/core/leases/database/shared-store4";
import type { LeaseStore4 } from "@kotare/core/leases/model/lease-store4";
import type { Lease4 } from "@kotare/core/leases/model/lease4";
import { runDaemon } from "@kotare/core/program/run-daemon";
import { dhcpDaemon } from "@kotare/core/server/dhcp-daemon";
import { checkSurroundings } from "@kotare/core/server/interfaces/check-surroundings";
import { interfaceRules4 } from "@kotare/core/server/interfaces/interface-rules4";
import { neededCapabilities } from "@kotare/core/server/interfaces/portable";
import { leaseMover4 } from "@kotare/core/server/leases/move-leases";
import { type OpenDatabase, openLeaseDatabase4 } from "@kotare/core/server/leases/open-lease-database";
import { openLeaseFile4, usedLeaseFile } from "@kotare/core/server/leases/open-lease-file";
import { statistics4 } from "@kotare/core/stats/statistics4";
import { explainer4 } from "./explain/explainer4.ts";
import { life4, server4 } from "./report/messages4.ts";
import { startServer4 } from "./server4.ts";
import { rehearse4 } from "./stage4.ts";
import { commands4 } from "./take-commands4.ts";

void runDaemon(
  dhcpDaemon<Dhcp4Config, LeaseStore4, typeof statistics4, OpenDatabase<Lease4, LeaseDatabase4>, Tree4>({
    number: 4,
    callExample: "$0 call lease4-get ip-address=192.0.2.17",
    config: dhcp4Family,
    source: storedConfig4,
    configWorker: new URL("./config-worker.mjs", import.meta.url),
    messages: { life: life4, server: server4 },
    commands: commands4,
    statistics: statistics4,
    faultsOf: ({ global }) => global["pkt4-processing-failed"],
    ports: { server: 67, client: 68 },
    countSubnets,
    checkSurroundings: (config, paths) =>
      checkSurroundings(
        interfaceRules4,
        config["interfaces-config"],
        usedLeaseFile(config, paths),
        neededCapabilities(config),
      ),
    databases: {
      mysql: {
        admin: async () => (await import("@kotare/mysql/mysql-admin")).openMysqlAdmin,
        leases: async () => (await import("@kotare/mysql/open-mysql")).openMysql4,
        hosts: async () => (await import("@kotare/mysql/hosts/open-mysql-hosts")).openMysqlHosts,
        config: async () => (await import("@kotare/mysql/config/open-mysql-config")).openMysqlConfig,
        log: async () => (await import("@kotare/mysql/open-mysql-log")).openMysqlLog,
      },
      postgresql: {
        admin: async () => (await import("@kotare/postgresql/postgresql-admin")).openPostgresqlAdmin,
        leases: async () => (await import("@kotare/postgresql/open-postgresql")).openPostgresql4,
        hosts: async () => (await import("@kotare/postgresql/hosts/open-postgresql-hosts")).openPostgresqlHosts,
        config: async () => (await import("@kotare/postgresql/config/open-postgresql-config")).openPostgresqlConfig,
        log: async () => (await import("@kotare/postgresql/open-postgresql-log")).openPostgresqlLog,
      },
    },
    openLeaseFile: openLeaseFile4,
    openLeaseDatabase: openLeaseDatabase4,
    leaseMover: (messages, open) =>
      leaseMover4(messages, open, async () => (await import("@kotare/convert/leases/leases4")).leases4),
    converter: async () => (await import("@kotare/convert/converter")).converter(4),
    explainer: explainer4,
    rehearse: rehearse4,
    start: startServer4,
  }),
);
