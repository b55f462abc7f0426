/** `hooks-libraries`: what some libraries of Kea do is part of the daemons; an entry for one of these is all it takes. */
import { basename } from "node:path";
import type { Dhcp4Config } from "../dhcp4-config.ts";
import type { Pointer } from "../fault.ts";
import type { Report } from "./report.ts";

/** Wherever they are said to be. The last two bring Kea 3's databases of leases. */
const BUILT_IN = ["libdhcp_lease_cmds.so", "libdhcp_stat_cmds.so", "libdhcp_mysql.so", "libdhcp_pgsql.so"];

export function checkHooks(config: Pick<Dhcp4Config, "hooks-libraries">, root: Pointer, report: Report): void {
  config["hooks-libraries"].forEach(({ library }, i) => {
    if (BUILT_IN.includes(basename(library))) return;
    report({
      pointer: [...root, "hooks-libraries", i, "library"],
      value: library,
      message: "is a hook that is not supported yet",
      fix: `remove the entry; what ${BUILT_IN.join(", ")} do is built in`,
      severity: "error",
    });
  });
}
