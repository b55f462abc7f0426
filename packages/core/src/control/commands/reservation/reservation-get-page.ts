/** `reservation-get-page`. */
import { z } from "zod";
import { UINT32_MAX } from "../../../config/schema/field.ts";
import { type Answer, done, failed } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import { answerReservations, countHosts, unknownSubnet } from "./answer-reservations.ts";
import { exampleReservation } from "./given-reservation.ts";
import type { ReservationContext, ReservationFamily, ReservationTypes } from "./reservation-family.ts";
import { type Found, listsOf } from "./reservation-sources.ts";
import { subnetId } from "./which-reservation.ts";

interface Page<T extends ReservationTypes> {
  readonly hosts: readonly Found<T>[];
  /** Of the last one: where the next page begins. */
  readonly last: number;
}

export const reservationGetPage = <T extends ReservationTypes>(family: ReservationFamily<T>) =>
  defineCommand({
    name: "reservation-get-page",
    access: "read",
    summary:
      "Returns up to `limit` reservations from one place, the configuration first, then the host databases; where one " +
      "has no more, from the next. `next` of the answer has the `from` and `source-index` of the next page.",
    arguments: z.object({
      limit: z.int().min(1).max(UINT32_MAX).describe("The most reservations to return."),
      "source-index": z.int().min(0).max(10).default(0).describe("0 for the configuration, 1 for the first database."),
      from: z.int().default(0).describe("0, or what the page before said."),
      "subnet-id": subnetId.optional(),
    }),
    examples: [
      {
        arguments: { limit: 10, "subnet-id": 1 },
        answer: done(countHosts(family, 1), {
          count: 1,
          hosts: [exampleReservation(family)],
          next: { from: 1, "source-index": 0 },
        }),
      },
    ],
    async run(
      { limit, "source-index": first, from, "subnet-id": id },
      context: ReservationContext<T>,
    ): Promise<Answer> {
      const unknown = unknownSubnet(family, context.config(), id);
      if (unknown !== undefined) return failed(unknown);
      const sources = context.hostDatabases().length;
      for (let source = first; source <= sources; source++) {
        const after = source === first ? Math.max(0, from) : 0;
        const { hosts, last } = await pageOf(family, context, source, after, limit, id);
        if (hosts.length === 0) continue;
        const next = { from: last, "source-index": source };
        return answerReservations(family, context, hosts, { count: hosts.length, next });
      }
      return answerReservations(family, context, [], { count: 0 });
    },
  });

async function pageOf<T extends ReservationTypes>(
  family: ReservationFamily<T>,
  context: ReservationContext<T>,
  source: number,
  after: number,
  limit: number,
  id: number | undefined,
): Promise<Page<T>> {
  if (source === 0) return configuredPage(family, context.config(), after, limit, id);
  const records = await context.hostDatabases()[source - 1]!.page({ after, limit, subnetId: id });
  const hosts = records.flatMap(({ subnetId, reservation }) => {
    const read = context.readReservation(reservation);
    return "reservation" in read ? [{ subnetId, reservation: read.reservation }] : [];
  });
  // A page of nothing but broken ones is not the last.
  const last = records.at(-1)?.id ?? after;
  return hosts.length === 0 && records.length > 0 ? pageOf(family, context, source, last, limit, id) : { hosts, last };
}

/** The number of a reservation is its place among all, counted from 1. */
function configuredPage<T extends ReservationTypes>(
  family: ReservationFamily<T>,
  config: T["config"],
  after: number,
  limit: number,
  id: number | undefined,
): Page<T> {
  const hosts: Found<T>[] = [];
  let number = 0;
  for (const { subnetId, reservations } of listsOf(family, config)) {
    for (const reservation of reservations) {
      number++;
      if (number <= after || (id !== undefined && subnetId !== id)) continue;
      hosts.push({ subnetId, reservation });
      if (hosts.length === limit) return { hosts, last: number };
    }
  }
  return { hosts, last: number };
}
