/** `leases-reclaim`. */
import { z } from "zod";
import { done } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import type { DhcpContext } from "../../dhcp-context.ts";

export const leasesReclaim = defineCommand({
  name: "leases-reclaim",
  access: "write",
  summary: "Reclaims all expired leases now, without the limits in `expired-leases-processing`. Service goes on.",
  arguments: z.object({
    remove: z
      .boolean()
      .describe("Whether they are forgotten at once, or kept for their clients for the configured time."),
  }),
  examples: [
    { arguments: { remove: true }, answer: { result: 0, text: "Reclamation of expired leases is complete." } },
  ],
  async run({ remove }, context: DhcpContext) {
    await context.reclaim(remove);
    return done("Reclamation of expired leases is complete.");
  },
});
