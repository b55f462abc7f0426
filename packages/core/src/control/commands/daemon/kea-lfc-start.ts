/** `kea-lfc-start`. */
import { z } from "zod";
import { done, failed } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import type { DhcpContext } from "../../dhcp-context.ts";

export const keaLfcStart = defineCommand({
  name: "kea-lfc-start",
  access: "write",
  summary:
    "Rewrites the lease file now, with one row for each lease, as happens every `lfc-interval`. Service goes on. " +
    "The answer comes when the rewrite is over; the log says how it went.",
  arguments: z.object({}),
  examples: [{ answer: done("The lease file has been rewritten.") }],
  async run(_, { compact }: DhcpContext) {
    if (compact === undefined) return failed("leases are kept in no file: there is nothing to rewrite");
    await compact();
    return done("The lease file has been rewritten.");
  },
});
