/** `build-report`. */
import { z } from "zod";
import { done } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import type { DaemonContext } from "../../daemon-context.ts";

export const buildReport = defineCommand({
  name: "build-report",
  access: "read",
  summary: "Returns how the program was built, as `-W` prints it.",
  arguments: z.object({}),
  examples: [{ answer: { result: 0, text: "dhcp4d 0.1.0\nNode.js 20.19.2 …" } }],
  run: (_, { version }: DaemonContext) => done(version.build),
});
