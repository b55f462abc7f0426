/** `shutdown`. */
import { z } from "zod";
import { done } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import type { DaemonContext } from "../../daemon-context.ts";

export const shutdown = defineCommand({
  name: "shutdown",
  access: "write",
  summary: "Ends the server, as SIGTERM does: packets in flight are finished.",
  arguments: z.object({
    "exit-value": z.int().min(0).max(255).default(0).describe("What the process ends with."),
  }),
  examples: [{ answer: { result: 0, text: "Shutting down." } }],
  run({ "exit-value": exitValue }, context: DaemonContext) {
    context.shutDown(exitValue);
    return done("Shutting down.");
  },
});
