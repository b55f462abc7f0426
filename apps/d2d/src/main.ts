/** d2d: the composition root. */
import { systemClock } from "@kotare/core/base/clock";
import type { DhcpDdnsConfig } from "@kotare/core/config/dhcp-ddns-config";
import { dhcpDdnsFamily } from "@kotare/core/config/dhcp-ddns-family";
import { usualConfig } from "@kotare/core/daemon/paths";
import { runDaemon } from "@kotare/core/program/run-daemon";
import { checkSurroundings } from "./check-surroundings.ts";
import { countZones, DdnsServer } from "./ddns-server.ts";
import { life } from "./messages.ts";
import { DdnsStatistics } from "./statistics.ts";
import { commands } from "./take-commands.ts";

const statistics = new DdnsStatistics(systemClock.wall());

void runDaemon<DhcpDdnsConfig>({
  program: {
    name: "d2d",
    summary: "Puts the names of DHCP clients into the DNS; reads the configuration of Kea's kea-dhcp-ddns",
    exampleConfig: usualConfig("kea-dhcp-ddns"),
    callExample: "$0 call status-get",
    ports: false,
  },
  keaName: "kea-dhcp-ddns",
  service: "d2",
  family: dhcpDdnsFamily,
  configWorker: new URL("./config-worker.mjs", import.meta.url),
  messages: life,
  commands,
  describeConfig: (config) => `${countZones(config)} zones`,
  checkSurroundings,
  countFault: () => statistics.global["ncr-error"].add(1, systemClock.wall()),
  start: (config, { paths, log, stopping, onStatus }) =>
    DdnsServer.start(config, { paths, clock: systemClock, log, statistics, signal: stopping, onStatus }),
});
