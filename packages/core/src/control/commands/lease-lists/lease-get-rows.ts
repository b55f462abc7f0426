/** `lease4-get-rows` and `lease6-get-rows`. */
import { z } from "zod";
import { Pace } from "../../../base/pace.ts";
import { type Answer, failed, Result } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import { exampleAddress } from "../lease/example-leases.ts";
import { heldLease } from "../lease/given-lease.ts";
import type { AnyLease, LeaseContext } from "../lease/lease-context.ts";

/** Some milliseconds of work. */
const MOST = 1024;
/** Who asks has a server that does not serve before it has them all: it is worth longer turns than lists for people are. */
const TURN = 2;

export const leaseGetRows = <L extends AnyLease>(family: 4 | 6) =>
  defineCommand({
    name: `lease${family}-get-rows`,
    access: "read",
    summary:
      "Returns up to `limit` leases as rows of a lease file, ordered by address: less to write, to send and to read than " +
      `\`lease${family}-get-page\`, for another server. Without \`last\` there are no more.`,
    arguments: z.object({
      from: z.string().describe("`start`, or `last` of the rows before."),
      limit: z.int().min(1).max(MOST).describe("The most leases to return."),
    }),
    examples: [
      {
        arguments: { from: exampleAddress[family], limit: 100 },
        answer: { arguments: { count: 0, rows: "" }, result: 3, text: `0 IPv${family} lease(s) found.` },
      },
    ],
    async run({ from, limit }, context: LeaseContext<L>): Promise<Answer> {
      const after = from === "start" ? undefined : context.parseAddress(from);
      if (after === undefined && from !== "start") {
        return failed(`'from' parameter value is neither 'start' keyword nor a valid IPv${family} address`);
      }
      const { leaseCsv } = context;
      const leases = await context.page(after, limit);
      const pace = new Pace(TURN);
      const rows: string[] = [];
      for (const lease of leases) {
        if (pace.isTurnOver) await pace.rest();
        if (heldLease(lease) !== undefined) rows.push(leaseCsv.format(lease, false));
      }
      const last = leases.length < limit ? undefined : leaseCsv.rules.formatAddress(leases.at(-1)!);
      return {
        result: rows.length === 0 && last === undefined ? Result.empty : Result.success,
        text: `${rows.length} IPv${family} lease(s) found.`,
        arguments: { count: rows.length, last, rows: rows.join("") },
      };
    },
  });
