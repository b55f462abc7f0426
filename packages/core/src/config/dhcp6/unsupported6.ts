/** What the grammar of DHCPv6 knows and the daemon does not do. */
import { type Row, UnsupportedFinder } from "../check/unsupported.ts";
import type { Dhcp6Config, ServerIdConfig } from "../dhcp6-config.ts";
import type { ConfigFault } from "../fault.ts";

const SERVER_ID_ROWS: readonly Row<ServerIdConfig>[] = [
  { key: "time", asks: (map) => map.type !== "LLT" && map.time !== 0, instead: "has a meaning for type LLT only" },
  { key: "htype", asks: (map) => map.type === "EN" && map.htype !== 0, instead: "has no meaning for type EN" },
  {
    key: "enterprise-id",
    asks: (map) => map.type !== "EN" && map["enterprise-id"] !== 0,
    instead: "has a meaning for type EN only",
  },
];

export function listUnsupported6(config: Dhcp6Config): ConfigFault[] {
  const finder = new UnsupportedFinder();
  finder.visitGlobal(config, ["Dhcp6"]);
  finder.visit(SERVER_ID_ROWS, config["server-id"], ["Dhcp6"], "server-id");
  return finder.faults;
}
