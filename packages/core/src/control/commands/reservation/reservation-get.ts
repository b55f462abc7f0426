/** `reservation-get`. */
import { done, failed, Result } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import { describeReservation } from "./answer-reservations.ts";
import { exampleReservation } from "./given-reservation.ts";
import type { ReservationContext, ReservationFamily, ReservationTypes } from "./reservation-family.ts";
import { findReservations } from "./reservation-sources.ts";
import { filterBy, whichReservation } from "./which-reservation.ts";

export const reservationGet = <T extends ReservationTypes>(family: ReservationFamily<T>) =>
  defineCommand({
    name: "reservation-get",
    access: "read",
    summary: "Returns a reservation of a subnet, found by an address or by its identifier: the one that counts.",
    arguments: whichReservation,
    examples: [
      {
        arguments: { "subnet-id": 1, "ip-address": family.example.address },
        answer: done("Host found.", exampleReservation(family)),
      },
    ],
    async run(which, context: ReservationContext<T>) {
      const filter = filterBy(family, which);
      if (typeof filter === "string") return failed(filter);
      if (filter === undefined) return failed("Host not found.", Result.empty);
      const [found] = await findReservations(family, context, filter, which["operation-target"]);
      if (found === undefined) return failed("Host not found.", Result.empty);
      return done("Host found.", describeReservation(family, context.config(), found));
    },
  });
