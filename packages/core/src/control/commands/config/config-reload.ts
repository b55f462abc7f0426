/** `config-reload`. */
import { z } from "zod";
import { done, failed } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import type { DaemonContext } from "../../daemon-context.ts";

export const configReload = defineCommand({
  name: "config-reload",
  access: "write",
  summary:
    "Reads the configuration file again and puts it into force, as SIGHUP does. The file is checked while service " +
    "goes on; a bad one changes nothing.",
  arguments: z.object({}),
  examples: [{ answer: { arguments: { hash: "650B71C5741FD634…" }, result: 0, text: "Configuration successful." } }],
  async run(_, context: DaemonContext) {
    const faults = await context.reload();
    if (faults.length > 0) return failed(`Config reload failed: ${faults.join("\n")}`);
    return done("Configuration successful.", { hash: await context.configAnswer().hash() });
  },
});
