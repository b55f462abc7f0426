/** `config-get`. */
import { z } from "zod";
import { found } from "../answer.ts";
import { defineCommand } from "../command.ts";
import type { DaemonContext } from "../daemon-context.ts";

export const configGet = defineCommand({
  name: "config-get",
  access: "read",
  summary: "Returns the configuration in force, with all defaults, and its hash.",
  arguments: z.object({}),
  examples: [{ answer: { arguments: { Dhcp4: { "valid-lifetime": 7200 }, hash: "650B71C5741FD634…" }, result: 0 } }],
  async run(_, context: DaemonContext) {
    return found({ ...context.writtenConfig(), hash: await context.configHash() });
  },
});
