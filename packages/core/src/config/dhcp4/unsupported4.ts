/** What the grammar of DHCPv4 knows and the daemon does not do. */
import { UnsupportedFinder } from "../check/unsupported.ts";
import type { Dhcp4Config } from "../dhcp4-config.ts";
import type { ConfigFault } from "../fault.ts";

export function listUnsupported4(config: Dhcp4Config): ConfigFault[] {
  const finder = new UnsupportedFinder();
  finder.visitGlobal(config, ["Dhcp4"]);
  return finder.faults;
}
