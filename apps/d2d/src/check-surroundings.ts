/** `-T`: what a configuration needs of this host, looked at without taking anything into use. */
import { accessSync, constants, existsSync } from "node:fs";
import { dirname } from "node:path";
import type { DhcpDdnsConfig } from "@kotare/core/config/dhcp-ddns-config";
import type { DaemonPaths } from "@kotare/core/daemon/paths";
import { queuePath } from "./ddns-server.ts";
import { compileZones } from "./zones/zones.ts";

/** @returns one sentence for everything that would keep the daemon from serving now */
export function checkSurroundings(config: DhcpDdnsConfig, paths: DaemonPaths): readonly string[] {
  const path = queuePath(config, paths);
  return [
    ...check(() => void compileZones(config), ""),
    ...check(
      () => accessSync(existsSync(path) ? path : dirname(path), constants.R_OK | constants.W_OK),
      `queue file ${path} cannot be used: `,
    ),
  ];
}

function check(use: () => void, prefix: string): readonly string[] {
  try {
    use();
    return [];
  } catch (error) {
    return [`${prefix}${(error as Error).message}`];
  }
}
