/** `config-backend-pull`. */
import { z } from "zod";
import { failed, Result } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import type { DhcpContext } from "../../dhcp-context.ts";

export const configBackendPull = defineCommand({
  name: "config-backend-pull",
  access: "write",
  summary:
    "Looks for changes in configuration databases. There are none, because `config-control` is not supported yet.",
  arguments: z.object({}),
  examples: [{ answer: { result: 3, text: "No config backend." } }],
  run: (_, _context: DhcpContext) => failed("No config backend.", Result.empty),
});
