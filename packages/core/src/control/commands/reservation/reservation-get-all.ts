/** `reservation-get-all`. */
import { z } from "zod";
import { done, failed } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import { answerReservations, countHosts, unknownSubnet } from "./answer-reservations.ts";
import { exampleReservation } from "./given-reservation.ts";
import type { ReservationContext, ReservationFamily, ReservationTypes } from "./reservation-family.ts";
import { findReservations, operationTarget } from "./reservation-sources.ts";
import { subnetId } from "./which-reservation.ts";

export const reservationGetAll = <T extends ReservationTypes>(family: ReservationFamily<T>) =>
  defineCommand({
    name: "reservation-get-all",
    access: "read",
    summary: "Returns all reservations of a subnet, or all global ones.",
    arguments: z.object({ "subnet-id": subnetId, "operation-target": operationTarget }),
    examples: [
      {
        arguments: { "subnet-id": 1 },
        answer: done(countHosts(family, 1), { hosts: [exampleReservation(family)] }),
      },
    ],
    async run({ "subnet-id": id, "operation-target": target }, context: ReservationContext<T>) {
      const unknown = unknownSubnet(family, context.config(), id);
      if (unknown !== undefined) return failed(unknown);
      return answerReservations(family, context, await findReservations(family, context, { subnetId: id }, target));
    },
  });
