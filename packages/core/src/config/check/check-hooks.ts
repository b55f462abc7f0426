/** `hooks-libraries`: what some libraries of Kea do is part of the daemons; an entry for one of these is all it takes. */
import { basename } from "node:path";
import type { Dhcp4Config } from "../dhcp4-config.ts";
import type { Pointer } from "../fault.ts";
import type { Report } from "./report.ts";

/** Wherever they are said to be. The last two bring Kea 3's databases of leases. */
const BUILT_IN = ["libdhcp_lease_cmds.so", "libdhcp_stat_cmds.so", "libdhcp_mysql.so", "libdhcp_pgsql.so"];

const NO_PARAMETER = "has no effect: what the library does is built in, and has no such parameter";
const PARAMETERS: Readonly<Record<string, string>> = {
  "binding-variables": "has no effect: values of expressions are not kept with leases",
};

export function checkHooks(config: Pick<Dhcp4Config, "hooks-libraries">, root: Pointer, report: Report): void {
  config["hooks-libraries"].forEach(({ library, parameters }, i) => {
    if (BUILT_IN.includes(basename(library))) {
      for (const key in parameters) {
        const pointer = [...root, "hooks-libraries", i, "parameters", key];
        report({ pointer, message: PARAMETERS[key] ?? NO_PARAMETER, severity: "warning", at: "key" });
      }
      return;
    }
    report({
      pointer: [...root, "hooks-libraries", i, "library"],
      value: library,
      message: "is a hook that is not supported yet",
      fix: `remove the entry; what ${BUILT_IN.join(", ")} do is built in`,
      severity: "error",
    });
  });
}
