/** `config-get`. */
import { z } from "zod";
import { found } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import type { DaemonContext } from "../../daemon-context.ts";

export const configGet = defineCommand({
  name: "config-get",
  access: "read",
  summary:
    "Returns the configuration in force and its hash. As in Kea 2.6, defaults are filled in, and subnets show " +
    "what they inherit.",
  arguments: z.object({}),
  examples: [{ answer: { arguments: { Dhcp4: { "valid-lifetime": 7200 }, hash: "650B71C5741FD634…" }, result: 0 } }],
  run: (_, context: DaemonContext) => found(context.configAnswer().withHash()),
});
