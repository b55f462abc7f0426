/** `shutdown`. */
import { z } from "zod";
import { done } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import type { DaemonContext } from "../../daemon-context.ts";

export const shutdown = defineCommand({
  name: "shutdown",
  access: "write",
  summary: "Stops the server, as SIGTERM does. Packets in flight are finished first.",
  arguments: z.object({
    "exit-value": z.int().min(0).max(255).default(0).describe("The exit code of the process."),
  }),
  examples: [{ answer: { result: 0, text: "Shutting down." } }],
  run({ "exit-value": exitValue }, context: DaemonContext) {
    context.shutDown(exitValue);
    return done("Shutting down.");
  },
});
