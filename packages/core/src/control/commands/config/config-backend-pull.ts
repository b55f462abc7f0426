/** `config-backend-pull`. */
import { z } from "zod";
import { done, failed, Result } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import type { DhcpContext } from "../../dhcp-context.ts";

export const configBackendPull = defineCommand({
  name: "config-backend-pull",
  access: "write",
  summary: "Takes what has changed in the configuration database of `config-control` into force now.",
  arguments: z.object({}),
  examples: [{ answer: { result: 0, text: "On demand configuration update successful." } }],
  async run(_, context: DhcpContext) {
    if (context.source?.isUsed !== true) return failed("No config backend.", Result.empty);
    try {
      await context.pullConfig();
    } catch (error) {
      return failed(`On demand configuration update failed: ${(error as Error).message}`);
    }
    return done("On demand configuration update successful.");
  },
});
