/** What the names of Kea's hook libraries mean here, wherever a configuration says that they are. */
import type { Extension } from "@kotare/extension";
import { highAvailability } from "@kotare/high-availability/high-availability";

import { bootp } from "./bootp.ts";
import { ddnsTuning } from "./ddns-tuning.ts";
import { flexId } from "./flex-id.ts";
import { flexOption } from "./flex-option/flex-option.ts";
import { leaseCmds } from "./lease-cmds/lease-cmds.ts";
import { leaseQuery } from "./lease-query/lease-query.ts";
import { legalLog } from "./legal-log/legal-log.ts";
import { limits } from "./limits/limits.ts";
import { perfmon } from "./perfmon/perfmon.ts";
import { pingCheck } from "./ping-check/ping-check.ts";
import { radius } from "./radius/radius.ts";
import { runScript } from "./run-script/run-script.ts";

export type BuiltIn =
  /** What the library does is part of the daemons; an entry for it is all it takes. */
  | {
      readonly kind: "part";
      /** What is to be said of some of its parameters, by their names. */
      readonly ignored?: Readonly<Record<string, string>>;
    }
  | { readonly kind: "extension"; readonly extension: Extension };

export const builtIns: ReadonlyMap<string, BuiltIn> = new Map<string, BuiltIn>([
  ["libdhcp_lease_cmds.so", { kind: "extension", extension: leaseCmds }],
  ["libdhcp_stat_cmds.so", { kind: "part" }],
  ["libdhcp_subnet_cmds.so", { kind: "part" }],
  ["libdhcp_class_cmds.so", { kind: "part" }],
  ["libdhcp_host_cmds.so", { kind: "part" }],
  // Kea 3's databases of leases.
  ["libdhcp_mysql.so", { kind: "part" }],
  ["libdhcp_pgsql.so", { kind: "part" }],
  // Configuration in databases, of Kea 2.6, and the commands that write it.
  ["libdhcp_mysql_cb.so", { kind: "part" }],
  ["libdhcp_pgsql_cb.so", { kind: "part" }],
  ["libdhcp_cb_cmds.so", { kind: "part" }],
  ["libdhcp_bootp.so", { kind: "extension", extension: bootp }],
  ["libdhcp_ddns_tuning.so", { kind: "extension", extension: ddnsTuning }],
  ["libdhcp_flex_id.so", { kind: "extension", extension: flexId }],
  ["libdhcp_flex_option.so", { kind: "extension", extension: flexOption }],
  ["libdhcp_lease_query.so", { kind: "extension", extension: leaseQuery }],
  ["libdhcp_legal_log.so", { kind: "extension", extension: legalLog }],
  [
    "libdhcp_host_cache.so",
    {
      kind: "part",
      ignored: {
        maximum:
          "has no effect: a database is asked once a batch, and what RADIUS has said is kept by what is built in for it",
      },
    },
  ],
  ["libdhcp_radius.so", { kind: "extension", extension: radius }],
  ["libdhcp_run_script.so", { kind: "extension", extension: runScript }],
  ["libdhcp_limits.so", { kind: "extension", extension: limits }],
  ["libdhcp_perfmon.so", { kind: "extension", extension: perfmon }],
  ["libdhcp_ping_check.so", { kind: "extension", extension: pingCheck }],
  ["libdhcp_ha.so", { kind: "extension", extension: highAvailability }],
]);
