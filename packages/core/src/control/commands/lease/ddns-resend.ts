/** `ddns-resend`. */
import { z } from "zod";
import { done } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import { conflict } from "./given-lease.ts";
import type { AnyLease, LeaseContext } from "./lease-context.ts";

export const ddnsResend = <L extends AnyLease>() =>
  defineCommand({
    name: "ddns-resend",
    access: "write",
    summary:
      "Sends the names of many leases to the DNS again, beside service, where updates are on: after a zone has been " +
      "lost, or when another server may not have come to it.",
    arguments: z.object({
      since: z
        .int()
        .min(0)
        .default(0)
        .describe("Unix time: names of leases whose clients have asked since then; all unless given."),
    }),
    examples: [{ arguments: { since: 1_800_000_000 }, answer: { result: 0, text: "The names are being sent again." } }],
    run({ since }, context: LeaseContext<L>) {
      if (!context.config()["dhcp-ddns"]["enable-updates"]) return conflict("DDNS updating is not enabled");
      context.resendNamesSince(since);
      return done("The names are being sent again.");
    },
  });
