/** The commands that every daemon has, and those that every DHCP server has. */
import type { Command } from "../command.ts";
import type { DaemonContext } from "../daemon-context.ts";
import type { DhcpContext } from "../dhcp-context.ts";
import { configBackendPull } from "./config/config-backend-pull.ts";
import { configGet } from "./config/config-get.ts";
import { configHashGet } from "./config/config-hash-get.ts";
import { configReload } from "./config/config-reload.ts";
import { configSet } from "./config/config-set.ts";
import { configTest } from "./config/config-test.ts";
import { configWrite } from "./config/config-write.ts";
import { buildReport } from "./daemon/build-report.ts";
import { dhcpDisable } from "./daemon/dhcp-disable.ts";
import { dhcpEnable } from "./daemon/dhcp-enable.ts";
import { keaLfcStart } from "./daemon/kea-lfc-start.ts";
import { listCommands } from "./daemon/list-commands.ts";
import { serverTagGet } from "./daemon/server-tag-get.ts";
import { shutdown } from "./daemon/shutdown.ts";
import { statusGet } from "./daemon/status-get.ts";
import { versionGet } from "./daemon/version-get.ts";
import { interfaceAdd } from "./interface/interface-add.ts";
import { interfaceList, interfaceRedetect } from "./interface/interface-list.ts";
import { leasesReclaim } from "./lease/leases-reclaim.ts";
import { packetExplain } from "./packet/packet-explain.ts";
import { packetRecordGet, packetRecordStart, packetRecordStop } from "./packet/packet-record.ts";
import { limitSamples, removeStatistics, resetStatistics } from "./statistic/change-statistics.ts";
import { statisticGet } from "./statistic/statistic-get.ts";
import { statisticGetAll } from "./statistic/statistic-get-all.ts";
import { statisticGlobalGetAll } from "./statistic/statistic-global-get-all.ts";

export const daemonCommands: readonly Command<DaemonContext>[] = [
  buildReport,
  configGet,
  configHashGet,
  configReload,
  configSet,
  configTest,
  configWrite,
  listCommands,
  shutdown,
  statisticGet,
  statisticGetAll,
  ...resetStatistics,
  statusGet,
  versionGet,
];

export const dhcpCommands: readonly Command<DhcpContext>[] = [
  ...daemonCommands,
  configBackendPull,
  dhcpDisable,
  dhcpEnable,
  interfaceAdd,
  interfaceList,
  interfaceRedetect,
  keaLfcStart,
  leasesReclaim,
  packetExplain,
  packetRecordGet,
  packetRecordStart,
  packetRecordStop,
  serverTagGet,
  statisticGlobalGetAll,
  ...removeStatistics,
  ...limitSamples,
];
