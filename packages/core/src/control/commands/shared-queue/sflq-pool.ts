/** `sflq-pool4-get-all` and the other commands of Kea's allocator `shared-flq`. */
import { z } from "zod";
import { UINT32_MAX } from "../../../config/schema/field.ts";
import { LeaseState } from "../../../leases/model/lease.ts";
import { type Answer, done, failed, Result } from "../../answer.ts";
import { type Command, defineCommand } from "../../command.ts";
import type { Json } from "../../kea-json.ts";
import { formatTime } from "../../statistics-context.ts";
import { stepsOfLeases } from "../lease/all-leases.ts";
import { exampleSubnet } from "../lease/example-leases.ts";
import type { AnyLease, LeaseContext } from "../lease/lease-context.ts";
import type { QueuedPool, QueueFamily } from "./queued-pools.ts";

type Source<L extends AnyLease> = Pick<LeaseContext<L>, "page" | "now" | "age">;

export const sharedQueueCommands = <L extends AnyLease, Context extends Source<L>>(
  family: QueueFamily<L, Context>,
): readonly Command<Context>[] => {
  const { number, example } = family;
  const command = (what: string) => `sflq-pool${number}-${what}`;
  const range = {
    "start-address": family.address("The first address of the pool."),
    "end-address": family.address("Its last address."),
  };
  const exampleRange = { "end-address": example.end, "start-address": example.start };
  const examplePool = {
    "created-ts": "2027-01-15 08:00:00.000000",
    "delegated-len": 128,
    ...exampleRange,
    "free-leases": 150,
    "lease-type": example.type,
    "modified-ts": "2027-01-15 08:00:00.000000",
    "subnet-id": exampleSubnet[number],
  };
  const exampleFound: Json = { arguments: { pools: [examplePool] }, result: 0, text: "1 pool(s) found." };

  return [
    defineCommand({
      name: command("get-all"),
      access: "read",
      summary:
        "Returns the pools whose allocator is `shared-flq`, with what is free in each. What is free is counted in the leases, " +
        "while service goes on. Kea has it since 3.1.9.",
      arguments: z.object({}),
      examples: [{ answer: exampleFound }],
      run: (_, context: Context) => answerPools(context, () => true),
    }),
    defineCommand({
      name: command("get-by-range"),
      access: "read",
      summary: `The same as \`${command("get-all")}\`, of pools that have an address of a range. Kea has it since 3.1.9.`,
      arguments: z.strictObject(range),
      examples: [{ arguments: exampleRange, answer: exampleFound }],
      run: ({ "start-address": start, "end-address": end }, context: Context) =>
        start > end ? wrongRange() : answerPools(context, ({ first, last }) => first <= end && start <= last),
    }),
    defineCommand({
      name: command("get-by-subnet"),
      access: "read",
      summary: `The same as \`${command("get-all")}\`, of one subnet. Kea has it since 3.1.9.`,
      arguments: z.strictObject({
        "subnet-id": z
          .int()
          .min(1)
          .max(UINT32_MAX - 1)
          .describe("The subnet."),
      }),
      examples: [{ arguments: { "subnet-id": exampleSubnet[number] }, answer: exampleFound }],
      run: ({ "subnet-id": id }, context: Context) => answerPools(context, ({ subnetId }) => subnetId === id),
    }),
    defineCommand({
      name: command("rebuild"),
      access: "write",
      summary:
        "Kea makes the queue of a pool anew, from the leases. There is no queue here that could be wrong: it says that it is " +
        "done, or that there is no such pool. Kea has it since 3.1.9.",
      arguments: z.strictObject(range),
      examples: [{ arguments: exampleRange, answer: { result: 0, text: "SFLQ pool rebuilt." } }],
      run(wanted, context: Context) {
        return isThere(wanted, context) ? done("SFLQ pool rebuilt.") : failed("SFLQ pool does not exist", Result.empty);
      },
    }),
    defineCommand({
      name: command("del"),
      access: "write",
      summary:
        "Kea forgets the queue of a pool until it is configured again. There is no queue here: a pool is listed for as long as " +
        "the configuration has it. Kea has it since 3.1.9.",
      arguments: z.strictObject({
        ...range,
        force: z.boolean().optional().describe("Has no effect. In Kea: whether other pools may have addresses of it."),
      }),
      examples: [
        { arguments: exampleRange, answer: { arguments: exampleRange, result: 0, text: "SFLQ pool deleted" } },
      ],
      run(wanted, context: Context, given) {
        const [result, text] = isThere(wanted, context)
          ? [Result.success, "SFLQ pool deleted"]
          : [Result.empty, "SFLQ pool does not exist"];
        return { arguments: given as Json, result, text };
      },
    }),
  ];

  function isThere(
    { "start-address": start, "end-address": end }: z.output<z.ZodObject<typeof range>>,
    context: Context,
  ): boolean {
    return family.pools(context).some(({ first, last }) => first === start && last === end);
  }

  async function answerPools(context: Context, isWanted: (pool: QueuedPool<L>) => boolean): Promise<Answer> {
    const since = formatTime(Math.floor(context.now() - context.age().reload));
    const pools: Json[] = [];
    for (const pool of family.pools(context).filter(isWanted)) {
      pools.push({
        "created-ts": since,
        "delegated-len": pool.delegatedLength,
        "end-address": family.format(pool.last),
        "free-leases": pool.size - BigInt(await countTaken(pool, context)),
        "lease-type": pool.type,
        "modified-ts": since,
        "start-address": family.format(pool.first),
        "subnet-id": pool.subnetId,
      });
    }
    const result = pools.length === 0 ? Result.empty : Result.success;
    return { arguments: { pools }, result, text: `${pools.length} pool(s) found.` };
  }

  async function countTaken(pool: QueuedPool<L>, context: Context): Promise<number> {
    let taken = 0;
    for await (const leases of stepsOfLeases<L>(context, family.before(pool.first))) {
      taken += leases.filter((lease) => lease.state !== LeaseState.reclaimed && pool.has(lease)).length;
      if (leases.at(-1)!.address > pool.last) break;
    }
    return taken;
  }
};

function wrongRange(): Answer {
  return failed("arguments.start-address: is behind end-address");
}
