/** `lease6-bulk-apply`, and the same for DHCPv4. */
import { z } from "zod";
import type { Seconds } from "../../../base/clock.ts";
import { expiryOf, type Lease, LeaseState } from "../../../leases/model/lease.ts";
import type { LeaseBatch } from "../../../leases/model/lease-store.ts";
import { type Answer, failed, Result } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import type { Json } from "../../kea-json.ts";
import { type Decision, decideOnLeases } from "./decide-on-leases.ts";
import { exampleAddress } from "./example-leases.ts";
import { conflict } from "./given-lease.ts";
import { readRows } from "./given-rows.ts";
import type { WhichLease, WholeLease } from "./lease-arguments.ts";
import type { AnyLease, BatchContext } from "./lease-context.ts";
import { adoptionOf, commonFields } from "./lease-fields.ts";

/** What is to be at some addresses. @property put by `WholeLease.key` @property gone the same, of rows */
interface Wanted<L> {
  readonly put: ReadonlyMap<string | number, L>;
  readonly gone: readonly L[];
  /** Rows that cannot be there. @property why the answer of a command for that one alone */
  readonly misplaced: readonly { readonly lease: L; readonly why: Answer }[];
}

export function leaseBulkApply<
  L extends AnyLease,
  Batch extends LeaseBatch<L>,
  Context extends BatchContext<L, Batch>,
  Given extends z.ZodObject,
  Which extends z.ZodObject,
>(whole: WholeLease<L, Batch, Context, Given>, which: WhichLease<L, Batch, Which>) {
  const { family } = whole;
  return defineCommand({
    name: `lease${family}-bulk-apply`,
    access: "write",
    summary:
      "Deletes, adds and replaces many leases at once. All changes become durable together, or none does. A lease " +
      "to delete that does not exist is reported and does not stop the others.",
    arguments: z.object({
      leases: z
        .array(whole.arguments)
        .optional()
        .describe(`Leases to add or to replace, as for \`lease${family}-add\`.`),
      "deleted-leases": z
        .array(which.arguments)
        .optional()
        .describe(`Leases to delete, as for \`lease${family}-del\`.`),
      rows: z
        .string()
        .optional()
        .describe(
          "The same as rows of a lease file, without its header: a lifetime of 0 deletes. The last row of an address holds.",
        ),
      "newer-only": z
        .boolean()
        .default(false)
        .describe(
          "Leaves out leases whose clients are not known to have asked later than what is there says, and those that cannot be there. " +
            "Of two clients' leases, one in force counts as newer than one that is over. Counts how many were put and how many are as new, and lists what is newer there.",
        ),
      shift: z
        .int()
        .default(0)
        .describe(
          "Seconds by which times are moved: the clock of who gives the leases is so much behind this server's.",
        ),
      "newer-stays": z
        .boolean()
        .default(false)
        .describe(
          "Is refused, with result 4, where another client has asked for a lease later and has it, or a client has declined it later. Rows that cannot be there are left out and listed.",
        ),
      origin: commonFields.origin,
    }),
    examples: [
      {
        arguments: { "deleted-leases": [which.examples.byAddress], leases: [whole.example] } as {
          readonly [key: string]: Json;
        },
        answer: {
          arguments: {
            "failed-deleted-leases": [
              {
                "error-message": "lease not found",
                "ip-address": exampleAddress[family],
                result: 3,
                ...(family === 6 && { type: "IA_NA" }),
              },
            ],
          },
          result: 0,
          text: `Bulk apply of 1 IPv${family} leases completed.`,
        },
      },
    ],
    run(given, context: Context): Answer | Promise<Answer> {
      const { leases, "deleted-leases": deleted, rows, shift, "newer-only": isNewerOnly } = given;
      if (leases === undefined && deleted === undefined && rows === undefined) {
        return failed("neither 'deleted-leases' nor 'leases' parameter specified");
      }
      const wanted = readWanted(
        whole,
        (leases ?? []).map((lease) => ({ ...lease, origin: given.origin })),
        rows ?? "",
        shift,
        isNewerOnly,
        context,
      );
      if ("result" in wanted) return wanted;
      const [first] = wanted.misplaced;
      if (first !== undefined && !isNewerOnly && !given["newer-stays"]) return first.why;
      const from = adoptionOf(given);
      const now = context.leaseTime();
      return decideOnLeases<L, Batch>(context, (batch) => {
        const missing: Json[] = [];
        const doomed: L[] = [];
        for (const one of deleted ?? []) {
          const lease = which.find(one, batch);
          if (lease === undefined)
            missing.push({ "error-message": "lease not found", result: Result.empty, ...which.describe(one) });
          else if ("result" in lease) return lease;
          else doomed.push(lease);
        }
        for (const lease of wanted.gone) {
          const current = whole.current(lease, batch);
          if (current !== undefined) doomed.push(current);
        }
        if (given["newer-stays"]) {
          const newer = [...wanted.put.values(), ...wanted.gone].find((lease) =>
            isTaken(whole.current(lease, batch), lease, now),
          );
          if (newer !== undefined)
            return conflict(`${whole.name(newer)} has been given to another client since, or declined`);
        }
        const decided = decide(whole, wanted, doomed, missing, batch, isNewerOnly ? now : undefined);
        return "answer" in decided
          ? { adoption: isNewerOnly && from !== undefined ? "fetched" : from, ...decided }
          : decided;
      });
    },
  });
}

/** States in which an address is not free. */
const HELD: ReadonlySet<number> = new Set([LeaseState.assigned, LeaseState.declined]);

/**
 * Whether another client has it, and has asked later, or is not heard of in what says only that a lease is over; or whoever had it
 * has declined it later.
 */
function isTaken<L extends AnyLease>(current: L | undefined, lease: L, now: Seconds): boolean {
  if (current === undefined || !isInForce(current, now) || isSameClient(current, lease)) return false;
  return current.cltt >= lease.cltt || !isInForce(lease, now);
}

/** A lease with no lifetime is gone. */
function isInForce(lease: Lease, now: Seconds): boolean {
  return HELD.has(lease.state) && lease.validLifetime > 0 && expiryOf(lease) > now;
}

/**
 * What another client has given back, however late, says nothing of a lease in force: servers that cannot hear each other may have
 * given it to both. Of two of the same second, both servers have to choose the same: the one that is held, since its client may
 * believe in it; and of two that are, the one that is held for longer.
 */
function isNewer(lease: Lease, current: Lease, now: Seconds): boolean {
  const isHeld = isInForce(lease, now);
  if (isHeld !== isInForce(current, now) && !isSameClient(lease, current)) return isHeld;
  if (lease.cltt !== current.cltt) return lease.cltt > current.cltt;
  if (HELD.has(lease.state) !== HELD.has(current.state)) return isHeld;
  if (lease.state !== current.state) return lease.state === LeaseState.declined;
  if (!isSameClient(lease, current)) return HELD.has(lease.state) && clientOf(lease) > clientOf(current);
  return lease.validLifetime > current.validLifetime;
}

function isSameClient(a: Lease, b: Lease): boolean {
  return clientOf(a) === clientOf(b);
}

/** By all that a lease knows of it. */
function clientOf(lease: Lease): string {
  const { hwaddr, clientId, duid }: ClientParts = lease;
  return [hwaddr, clientId, duid].map((part) => Buffer.from(part ?? []).toString("hex")).join();
}

interface ClientParts extends Lease {
  readonly hwaddr?: Uint8Array;
  readonly clientId?: Uint8Array | undefined;
  readonly duid?: Uint8Array;
}

function moved<L extends Lease>(lease: L, shift: Seconds): L {
  return shift === 0 ? lease : { ...lease, cltt: lease.cltt + shift };
}

function readWanted<
  L extends AnyLease,
  Batch,
  Context extends BatchContext<L, Batch & LeaseBatch<L>>,
  Given extends z.ZodObject,
>(
  whole: WholeLease<L, Batch, Context, Given>,
  given: readonly z.output<Given>[],
  rows: string,
  shift: Seconds,
  isNewerOnly: boolean,
  context: Context,
): Wanted<L> | Answer {
  const put = new Map<string | number, L>();
  for (const one of given) {
    const lease = whole.make(one, context);
    if (!("result" in lease)) put.set(whole.key(lease), moved(lease, shift));
    else if (!isNewerOnly) return failed(lease.text ?? "");
  }
  const gone = new Map<string | number, L>();
  const misplaced: { lease: L; why: Answer }[] = [];
  const read = readRows(rows, context.leaseCsv);
  if ("result" in read) return read;
  for (const lease of read) {
    const key = whole.key(lease);
    const [to, from] = lease.validLifetime === 0 ? [gone, put] : [put, gone];
    from.delete(key);
    const why = to === gone ? undefined : whole.misplaced(lease, context);
    if (why === undefined) to.set(key, moved(lease, shift));
    else misplaced.push({ lease, why });
  }
  return { put, gone: [...gone.values()], misplaced };
}

function decide<L extends AnyLease, Batch, Context, Given extends z.ZodObject>(
  whole: WholeLease<L, Batch, Context, Given>,
  wanted: Wanted<L>,
  doomed: readonly L[],
  missing: readonly Json[],
  batch: Batch,
  newerAt: Seconds | undefined,
): Decision<L> | Answer {
  const { family } = whole;
  const isNewerOnly = newerAt !== undefined;
  const spared = new Set(doomed.map(({ address }) => address));
  const put: L[] = [];
  const newer: string[] = [];
  let present = 0;
  const leftOut = wanted.misplaced.map(({ lease, why }) => asLeftOut(whole, lease, why));
  for (const lease of wanted.put.values()) {
    const held = isNewerOnly ? whole.current(lease, batch) : undefined;
    if (held !== undefined && isNewerOnly && !isNewer(lease, held, newerAt)) {
      if (held.cltt === lease.cltt) present++;
      else newer.push(whole.formatAddress(lease));
      continue;
    }
    const obstacle = whole.obstacle(lease, batch, spared);
    if (obstacle === undefined) put.push(lease);
    else if (isNewerOnly) leftOut.push(asLeftOut(whole, lease, obstacle));
    else return obstacle;
  }
  const count = doomed.length + put.length;
  const answer: Answer = {
    result: count === 0 ? Result.empty : Result.success,
    text: `Bulk apply of ${count} IPv${family} leases completed.`,
    ...((isNewerOnly || missing.length > 0 || leftOut.length > 0) && {
      arguments: {
        ...(isNewerOnly && { count, present, ...(newer.length > 0 && { newer }) }),
        ...(missing.length > 0 && { "failed-deleted-leases": missing }),
        ...(leftOut.length > 0 && { "failed-leases": leftOut }),
      },
    }),
  };
  return { discard: doomed, put, answer };
}

function asLeftOut<L extends AnyLease, Batch, Context, Given extends z.ZodObject>(
  whole: WholeLease<L, Batch, Context, Given>,
  lease: L,
  { result, text = "" }: Answer,
): Json {
  return { "error-message": text, "ip-address": whole.formatAddress(lease), result };
}
