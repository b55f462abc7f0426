/** The commands that every daemon has, and those that every DHCP server has. */
import type { Command } from "../command.ts";
import type { DaemonContext } from "../daemon-context.ts";
import type { DhcpContext } from "../dhcp-context.ts";
import { buildReport } from "./build-report.ts";
import { configBackendPull } from "./config-backend-pull.ts";
import { configGet } from "./config-get.ts";
import { configHashGet } from "./config-hash-get.ts";
import { configReload } from "./config-reload.ts";
import { configSet } from "./config-set.ts";
import { configTest } from "./config-test.ts";
import { configWrite } from "./config-write.ts";
import { dhcpDisable } from "./dhcp-disable.ts";
import { dhcpEnable } from "./dhcp-enable.ts";
import { leasesReclaim } from "./leases-reclaim.ts";
import { listCommands } from "./list-commands.ts";
import { serverTagGet } from "./server-tag-get.ts";
import { shutdown } from "./shutdown.ts";
import { statisticGet } from "./statistic-get.ts";
import { statisticGetAll } from "./statistic-get-all.ts";
import { statisticRemove } from "./statistic-remove.ts";
import { statisticRemoveAll } from "./statistic-remove-all.ts";
import { statisticReset } from "./statistic-reset.ts";
import { statisticResetAll } from "./statistic-reset-all.ts";
import { statisticSampleAgeSet } from "./statistic-sample-age-set.ts";
import { statisticSampleAgeSetAll } from "./statistic-sample-age-set-all.ts";
import { statisticSampleCountSet } from "./statistic-sample-count-set.ts";
import { statisticSampleCountSetAll } from "./statistic-sample-count-set-all.ts";
import { statusGet } from "./status-get.ts";
import { versionGet } from "./version-get.ts";

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
  statisticReset,
  statisticResetAll,
  statusGet,
  versionGet,
];

export const dhcpCommands: readonly Command<DhcpContext>[] = [
  ...daemonCommands,
  configBackendPull,
  dhcpDisable,
  dhcpEnable,
  leasesReclaim,
  serverTagGet,
  statisticRemove,
  statisticRemoveAll,
  statisticSampleAgeSet,
  statisticSampleAgeSetAll,
  statisticSampleCountSet,
  statisticSampleCountSetAll,
];
