/** `lease4-get-page` and `lease6-get-page`. */
import { z } from "zod";
import { type Answer, failed } from "../answer.ts";
import { defineCommand } from "../command.ts";
import { stepsOfLeases } from "../leases/all-leases.ts";
import { answerLeases } from "../leases/answer-leases.ts";
import { exampleAddress, exampleList } from "../leases/example-leases.ts";
import { heldLease } from "../leases/given-lease.ts";
import type { AnyLease, LeaseContext } from "../leases/lease-context.ts";

/** A page says how many it has before it has them: it is in memory as a whole. */
const LONGEST_PAGE = 100_000;

export const leaseGetPage = <L extends AnyLease>(family: 4 | 6) =>
  defineCommand({
    name: `lease${family}-get-page`,
    access: "read",
    summary: "Returns leases by address, so many at a time. The last page has fewer than the limit.",
    arguments: z.object({
      from: z.string().describe("`start`, or the last address of the page before."),
      limit: z.int().min(1).max(LONGEST_PAGE).describe("The most leases to return."),
    }),
    examples: [
      { arguments: { from: "start", limit: 100 }, answer: exampleList(family, { count: 1 }) },
      {
        arguments: { from: exampleAddress[family], limit: 100 },
        answer: { arguments: { count: 0, leases: [] }, result: 3, text: `0 IPv${family} lease(s) found.` },
      },
    ],
    async run({ from, limit }, context: LeaseContext<L>): Promise<Answer> {
      const after = from === "start" ? undefined : context.parseAddress(from);
      if (after === undefined && from !== "start") {
        return failed(`'from' parameter value is neither 'start' keyword nor a valid IPv${family} address`);
      }
      const leases: L[] = [];
      for await (const step of stepsOfLeases(context, after)) {
        leases.push(...step.filter((lease) => heldLease(lease) !== undefined));
        if (leases.length >= limit) break;
      }
      leases.length = Math.min(leases.length, limit);
      return answerLeases(context, leases, { count: leases.length });
    },
  });
