/** `version-get`. */
import { z } from "zod";
import { done } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import type { DaemonContext } from "../../daemon-context.ts";

export const versionGet = defineCommand({
  name: "version-get",
  access: "read",
  summary: "Returns the version and, under `extended`, what the program runs on.",
  arguments: z.object({}),
  examples: [{ answer: { arguments: { extended: "0.1.0\nNode.js 20.19.2 …" }, result: 0, text: "0.1.0" } }],
  run: (_, { version }: DaemonContext) => done(version.short, { extended: version.extended }),
});
