/** `lease4-resend-ddns`. */
import { z } from "zod";
import { defineCommand } from "../command.ts";
import { conflict } from "../leases/given-lease.ts";
import type { LeaseContext4 } from "../leases/lease-context.ts";
import { ipv4 } from "../leases/lease-fields.ts";

export const lease4ResendDdns = defineCommand({
  name: "lease4-resend-ddns",
  access: "write",
  summary: "Tells the DNS the names of a lease again, where updates are on.",
  arguments: z.object({ "ip-address": ipv4("The address.") }),
  examples: [
    { arguments: { "ip-address": "192.0.2.17" }, answer: { result: 4, text: "DDNS updating is not enabled" } },
  ],
  run: (_, _context: LeaseContext4) => conflict("DDNS updating is not enabled"),
});
