/** `lease4-get-by-hostname` and `lease6-get-by-hostname`. */
import { z } from "zod";
import { Sought } from "../../../leases/model/sought.ts";
import { defineCommand } from "../../command.ts";
import { exampleList } from "../lease/example-leases.ts";
import type { AnyLease, LeaseContext } from "../lease/lease-context.ts";
import { streamLeases } from "./answer-leases.ts";

export const leaseGetByHostname = <L extends AnyLease>(family: 4 | 6) =>
  defineCommand({
    name: `lease${family}-get-by-hostname`,
    access: "read",
    summary:
      "Returns all leases of a host name, in upper or lower case. A database finds them by its index; where leases are in a " +
      "file, the command searches all of them while service goes on.",
    arguments: z.object({ hostname: z.string().min(1).describe("The whole name, as leases have it.") }),
    examples: [{ arguments: { hostname: "printer.example.org" }, answer: exampleList(family) }],
    run({ hostname }, context: LeaseContext<L>) {
      const { named } = context;
      const page: typeof context.page =
        named === undefined ? context.page : (after, limit) => named(hostname, after, limit);
      const wanted = hostname.toLowerCase();
      const sought = new Sought(wanted, undefined);
      return streamLeases({ ...context, page }, (lease) => lease.hostname.toLowerCase() === wanted, sought);
    },
  });
