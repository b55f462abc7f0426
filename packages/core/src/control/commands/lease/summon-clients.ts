/** `forcerenew` (RFC 3203) and `reconfigure` (RFC 8415 §18.3.11): have clients come back. */
import { z } from "zod";
import { expiryOf, LeaseState } from "../../../leases/model/lease.ts";
import type { LeaseBatch } from "../../../leases/model/lease-store.ts";
import { callAll } from "../../../summons/campaign.ts";
import { PACE, refusals, type Summoner } from "../../../summons/summoner.ts";
import { type Answer, done, failed, Result } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import { decideOnLeases } from "./decide-on-leases.ts";
import { exampleAddress } from "./example-leases.ts";
import type { AnyLease, BatchContext } from "./lease-context.ts";
import { uint32 } from "./lease-fields.ts";

const MOST = 1000;

interface SummoningContext<L extends AnyLease, Batch extends LeaseBatch<L>> extends BatchContext<L, Batch> {
  readonly summoner: Summoner<L>;
}

/** How a family calls its clients. */
interface Summoning<L extends AnyLease, Batch> {
  readonly family: 4 | 6;
  readonly name: string;
  readonly summary: string;
  /** What clients may be asked to come back with, the usual one first; absent where there is no choice. */
  readonly types?: readonly [string, ...string[]];
  readonly address: z.ZodType<L["address"]>;
  find(address: L["address"], batch: Batch): L | undefined;
  format(address: L["address"]): string;
}

interface Given {
  readonly "subnet-id"?: number;
  readonly "client-class"?: string;
  readonly pace: number;
  readonly type?: string;
}

/** Where there is no choice. */
const USUAL = "renew";

function typeOf(types: readonly [string, ...string[]]) {
  return z.enum(types).default(types[0]).describe("The message that clients are to come back with.");
}

export function summonClients<L extends AnyLease, Batch extends LeaseBatch<L>>({
  family,
  name,
  summary,
  types,
  address,
  find,
  format,
}: Summoning<L, Batch>) {
  const message = name.toUpperCase();
  const example = exampleAddress[family];
  return defineCommand({
    name,
    access: "write",
    summary,
    arguments: z.object({
      "ip-address": address.optional(),
      "subnet-id": uint32("All clients of this subnet, unless an address is given.").optional(),
      "client-class": z
        .string()
        .optional()
        .describe(
          "All clients that were in this class when they were last heard; with `subnet-id` those in the subnet.",
        ),
      ...(types === undefined ? {} : { type: typeOf(types) }),
      pace: z.int().min(1).max(MOST).default(PACE).describe("Of many clients: how many are called in a second."),
    }),
    examples: [
      { arguments: { "ip-address": example }, answer: { result: 0, text: `${message} sent to ${example}.` } },
      {
        arguments: { "ip-address": example },
        answer: { result: 1, text: `${example}: ${refusals["no-secret"]}` },
      },
      {
        arguments: { "subnet-id": 44, pace: 5 },
        answer: { result: 0, text: `${message} goes to the clients of subnet 44, 5 a second.` },
      },
    ],
    run(given, context: SummoningContext<L, Batch>) {
      const { "subnet-id": subnet, "client-class": named, pace, type = USUAL } = given as Given;
      const one = given["ip-address"] as L["address"] | undefined;
      if (one !== undefined) return callOne(one, type, context);
      if (subnet === undefined && named === undefined) {
        return failed("arguments: name the clients by ip-address, subnet-id or client-class");
      }
      if (subnet !== undefined && !context.subnetIds().includes(subnet)) {
        return failed(`there is no subnet ${subnet}`, Result.empty);
      }
      void callAll<L>(
        {
          page: (after, limit) => context.page(after, limit),
          isMeant: (lease) =>
            lease.state === LeaseState.assigned &&
            (subnet === undefined || lease.subnetId === subnet) &&
            (named === undefined || context.summoner.classesOf(lease).includes(named)),
          call: (lease) => context.summoner.call(lease, type),
          now: () => context.leaseTime(),
          signal: context.summoner.ending,
        },
        pace,
      ).catch(() => undefined);
      const whose = [
        ...(subnet === undefined ? [] : [`of subnet ${subnet}`]),
        ...(named === undefined ? [] : [`in class ${named}`]),
      ];
      return done(`${message} goes to the clients ${whose.join(" ")}, ${pace} a second.`);
    },
  });

  async function callOne(given: L["address"], type: string, context: SummoningContext<L, Batch>): Promise<Answer> {
    const text = format(given);
    let lease: L | undefined;
    const answer = await decideOnLeases<L, Batch>(context, (batch) => {
      lease = find(given, batch);
      const isThere = lease?.state === LeaseState.assigned && expiryOf(lease) > context.leaseTime();
      return isThere ? done(`${message} sent to ${text}.`) : failed(`There is no lease for ${text}.`, Result.empty);
    });
    const refusal = answer.result === Result.success ? context.summoner.call(lease!, type) : undefined;
    return refusal === undefined ? answer : failed(`${text}: ${refusals[refusal]}`);
  }
}
