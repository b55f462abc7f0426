/** `stat-lease4-get` and `stat-lease6-get`. */
import { z } from "zod";
import { UINT32_MAX } from "../../../config/schema/field.ts";
import { LeaseState } from "../../../leases/model/lease.ts";
import type { LeaseTally } from "../../../leases/model/lease-store.ts";
import { LeaseType6 } from "../../../leases/model/lease6.ts";
import { type Answer, failed, Result } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import { formatTime } from "../../statistics-context.ts";
import { exampleSubnet } from "./example-leases.ts";
import type { AnyLease, LeaseContext } from "./lease-context.ts";

type Family = 4 | 6;

const ADDRESSES = { 4: "addresses", 6: "nas" } as const;

/** Statistics of a subnet, in Kea's order. */
const COLUMNS: Readonly<Record<Family, readonly string[]>> = {
  4: ["total-addresses", "cumulative-assigned-addresses", "assigned-addresses", "declined-addresses"],
  6: [
    "total-nas",
    "cumulative-assigned-nas",
    "assigned-nas",
    "declined-addresses",
    "total-pds",
    "cumulative-assigned-pds",
    "assigned-pds",
  ],
};

/** What a database counts for all servers. */
const HELD = new Set(["assigned-addresses", "assigned-nas", "assigned-pds", "declined-addresses"]);

type StatisticsOfLeases<L extends AnyLease> = Pick<
  LeaseContext<L>,
  "subnetIds" | "subnetStatistics" | "countHeld" | "now"
>;

const id = z.int().min(1).max(UINT32_MAX);

export const statLeaseGet = <L extends AnyLease>(family: Family) => {
  const name = `stat-lease${family}-get`;
  const columns = COLUMNS[family];
  const subnetId = exampleSubnet[family];
  return defineCommand({
    name,
    access: "read",
    summary:
      "Returns a table with the addresses of each subnet and how many of them are leased. Unlike in the statistics, " +
      "declined addresses do not count as assigned here. Where servers share a database, the assigned and declined " +
      "numbers are for all servers; the cumulative numbers are this server's own.",
    arguments: z.object({
      "subnet-id": id.optional().describe("One subnet; all unless given."),
      "subnet-range": z
        .object({
          "first-subnet-id": id.describe("The lowest id."),
          "last-subnet-id": id.describe("The highest id."),
        })
        .optional()
        .describe("Subnets whose ids lie in a range."),
    }),
    examples: [
      {
        arguments: { "subnet-id": subnetId },
        answer: {
          arguments: {
            "result-set": {
              columns: ["subnet-id", ...columns],
              rows: [[subnetId, ...columns.map(() => 0)]],
              timestamp: "2027-01-15 08:00:00.123456",
            },
          },
          result: 0,
          text: `${name}[subnet-id=${subnetId}]: 1 rows found`,
        },
      },
    ],
    async run({ "subnet-id": one, "subnet-range": range }, context: StatisticsOfLeases<L>): Promise<Answer> {
      if (one !== undefined && range !== undefined) return failed("cannot specify both subnet-id and subnet-range");
      const { "first-subnet-id": first = one ?? 0, "last-subnet-id": last = one ?? UINT32_MAX } = range ?? {};
      if (first > last) return failed("'last-subnet-id' must be greater than 'first-subnet-id'");
      const which =
        one !== undefined
          ? `subnet-id=${one}`
          : range === undefined
            ? "all subnets"
            : `subnets ${first} through ${last}`;
      const ids = context.subnetIds().filter((each) => each >= first && each <= last);
      if (ids.length === 0) return notFound(`${name}[${which}]`, one, range && `${first} through ${last}`);
      const held = context.countHeld && sumUp(await context.countHeld(), family);
      return {
        arguments: {
          "result-set": {
            columns: ["subnet-id", ...columns],
            rows: ids.map((each) => [each, ...rowOf(each)]),
            timestamp: formatTime(context.now()),
          },
        },
        result: Result.success,
        text: `${name}[${which}]: ${ids.length} rows found`,
      };

      function rowOf(subnet: number): (number | bigint)[] {
        const statistics = context.subnetStatistics(subnet);
        const declined = statistics["declined-addresses"]?.value ?? 0;
        return columns.map((column) => {
          if (held !== undefined && HELD.has(column)) return held.get(subnet)?.[column] ?? 0;
          const value = statistics[column]?.value ?? 0;
          return column === `assigned-${ADDRESSES[family]}` ? Number(value) - Number(declined) : value;
        });
      }
    },
  });
};

/** By subnets, and by columns. */
function sumUp(tallies: readonly LeaseTally[], family: Family): Map<number, Record<string, number>> {
  const sums = new Map<number, Record<string, number>>();
  for (const { subnetId, state, type, count } of tallies) {
    if (state === LeaseState.registered) continue;
    const assigned = type === LeaseType6.prefix ? "assigned-pds" : `assigned-${ADDRESSES[family]}`;
    const column = state === LeaseState.declined ? "declined-addresses" : assigned;
    const sum = sums.get(subnetId) ?? {};
    sums.set(subnetId, { ...sum, [column]: (sum[column] ?? 0) + count });
  }
  return sums;
}

function notFound(what: string, one: number | undefined, range = "0 through 0"): Answer {
  const why =
    one === undefined ? `selected ID range: ${range} includes no known subnets` : `subnet-id: ${one} does not exist`;
  return { arguments: {}, result: Result.empty, text: `${what}: no matching data, ${why}` };
}
