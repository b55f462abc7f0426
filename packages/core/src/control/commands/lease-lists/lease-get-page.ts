/** `lease4-get-page` and `lease6-get-page`. */
import { z } from "zod";
import { UINT32_MAX } from "../../../config/schema/field.ts";
import { type Answer, failed } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import { exampleAddress, exampleList } from "../lease/example-leases.ts";
import type { AnyLease, LeaseContext } from "../lease/lease-context.ts";
import { streamPage } from "./answer-leases.ts";

export const leaseGetPage = <L extends AnyLease>(family: 4 | 6) =>
  defineCommand({
    name: `lease${family}-get-page`,
    access: "read",
    summary: "Returns up to `limit` leases, ordered by address. A page with fewer leases is the last one.",
    arguments: z.object({
      from: z.string().describe("`start`, or the last address of the page before."),
      limit: z.int().min(1).max(UINT32_MAX).describe("The most leases to return."),
    }),
    examples: [
      { arguments: { from: "start", limit: 100 }, answer: exampleList(family, { count: 1 }) },
      {
        arguments: { from: exampleAddress[family], limit: 100 },
        answer: { arguments: { count: 0, leases: [] }, result: 3, text: `0 IPv${family} lease(s) found.` },
      },
    ],
    run({ from, limit }, context: LeaseContext<L>): Answer {
      const after = from === "start" ? undefined : context.parseAddress(from);
      if (after === undefined && from !== "start") {
        return failed(`'from' parameter value is neither 'start' keyword nor a valid IPv${family} address`);
      }
      return streamPage(context, after, limit);
    },
  });
