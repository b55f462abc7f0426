/** `lease6-resend-ddns`. */
import { z } from "zod";
import { defineCommand } from "../command.ts";
import { conflict } from "../leases/given-lease.ts";
import type { LeaseContext6 } from "../leases/lease-context.ts";
import { ipv6 } from "../leases/lease-fields.ts";

export const lease6ResendDdns = defineCommand({
  name: "lease6-resend-ddns",
  access: "write",
  summary: "Tells the DNS the names of a lease again, where updates are on.",
  arguments: z.object({ "ip-address": ipv6("The address.") }),
  examples: [
    { arguments: { "ip-address": "2001:db8:1::17" }, answer: { result: 4, text: "DDNS updating is not enabled" } },
  ],
  run: (_, _context: LeaseContext6) => conflict("DDNS updating is not enabled"),
});
