/** `status-get`. */
import { z } from "zod";
import { found } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import type { DaemonContext } from "../../daemon-context.ts";

export const statusGet = defineCommand({
  name: "status-get",
  access: "read",
  summary:
    "Returns the state of the server: `pid`, seconds since the start (`uptime`) and since a " +
    "configuration was last put into force (`reload`), who has switched the service off (`dhcp-state`), which interfaces are not " +
    "served (`sockets`), whether leases can be written (`lease-database`), and into which file (`csv-lease-file`), and whether " +
    "databases of configuration (`config-database`) and reservations (`hosts-databases`) can be asked. While parts of a faulty configuration are left out, `degraded` has their number.",
  arguments: z.object({}),
  examples: [
    { answer: { arguments: { pid: 4711, reload: 60, sockets: { status: "ready" }, uptime: 3600 }, result: 0 } },
  ],
  run(_, context: DaemonContext) {
    const leftOut = context.leftOut();
    const degraded = leftOut === 0 ? undefined : { "left-out": leftOut };
    return found({ ...context.status(), ...context.age(), degraded, pid: process.pid });
  },
});
