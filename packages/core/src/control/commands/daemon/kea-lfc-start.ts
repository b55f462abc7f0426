/** `kea-lfc-start`. */
import { z } from "zod";
import { done, failed } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import type { DhcpContext } from "../../dhcp-context.ts";

export const keaLfcStart = defineCommand({
  name: "kea-lfc-start",
  access: "write",
  summary:
    "Rewrites the lease file with one row a lease, now and beside service, as `lfc-interval` has it done from time to time. " +
    "The answer comes when that is over; the log tells how it went.",
  arguments: z.object({}),
  examples: [{ answer: done("The lease file has been rewritten.") }],
  async run(_, { compact }: DhcpContext) {
    if (compact === undefined) return failed("leases are kept in no file: there is nothing to rewrite");
    await compact();
    return done("The lease file has been rewritten.");
  },
});
