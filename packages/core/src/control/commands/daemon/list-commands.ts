/** `list-commands`. */
import { z } from "zod";
import { found } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import type { DaemonContext } from "../../daemon-context.ts";

export const listCommands = defineCommand({
  name: "list-commands",
  access: "read",
  summary: "Returns the names of all commands that the server knows.",
  arguments: z.object({}),
  examples: [{ answer: { arguments: ["build-report", "config-get", "version-get"], result: 0 } }],
  run: (_, { commandNames }: DaemonContext) => found(commandNames()),
});
