/** `config-hash-get`. */
import { z } from "zod";
import { found } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import type { DaemonContext } from "../../daemon-context.ts";

export const configHashGet = defineCommand({
  name: "config-hash-get",
  access: "read",
  summary:
    "Returns the hash of the configuration in force. It is the hash of what `config-get` returns, and changes " +
    "when that changes.",
  arguments: z.object({}),
  examples: [{ answer: { arguments: { hash: "650B71C5741FD634…" }, result: 0 } }],
  run: async (_, context: DaemonContext) => found({ hash: await context.configAnswer().hash() }),
});
