/** `reservation-get-by-address`, `-by-hostname` and `-by-id`: in all subnets, or in one. */
import { z } from "zod";
import { type Answer, done, failed } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import { answerReservations, countHosts, unknownSubnet } from "./answer-reservations.ts";
import { exampleReservation } from "./given-reservation.ts";
import type { ReservationContext, ReservationFamily, ReservationTypes } from "./reservation-family.ts";
import { type Filter, findReservations, operationTarget, type Target } from "./reservation-sources.ts";
import { identifierArguments, readIdentifier, subnetId } from "./which-reservation.ts";

const where = { "subnet-id": subnetId.optional(), "operation-target": operationTarget };

async function answer<T extends ReservationTypes>(
  family: ReservationFamily<T>,
  context: ReservationContext<T>,
  filter: Filter<T>,
  target: Target,
): Promise<Answer> {
  const unknown = unknownSubnet(family, context.config(), filter.subnetId);
  if (unknown !== undefined) return failed(unknown);
  return answerReservations(family, context, await findReservations(family, context, filter, target));
}

export const reservationGetByAddress = <T extends ReservationTypes>(family: ReservationFamily<T>) =>
  defineCommand({
    name: "reservation-get-by-address",
    access: "read",
    summary: "Returns the reservations of an address, in all subnets or in one.",
    arguments: z.object({ "ip-address": z.string().describe("The address."), ...where }),
    examples: [exampleOf(family, { "ip-address": family.example.address })],
    run({ "ip-address": text, "subnet-id": id, "operation-target": target }, context: ReservationContext<T>) {
      const address = family.parseAddress(text);
      if (address === undefined) return failed(`'${text}' is no IPv${family.tree.number} address`);
      return answer(family, context, { subnetId: id, address }, target);
    },
  });

export const reservationGetByHostname = <T extends ReservationTypes>(family: ReservationFamily<T>) =>
  defineCommand({
    name: "reservation-get-by-hostname",
    access: "read",
    summary: "Returns the reservations with a host name, in all subnets or in one. Upper and lower case are alike.",
    arguments: z.object({ hostname: z.string().min(1).describe("The name."), ...where }),
    examples: [exampleOf(family, { hostname: "printer" })],
    run: ({ hostname, "subnet-id": id, "operation-target": target }, context: ReservationContext<T>) =>
      answer(family, context, { subnetId: id, hostname }, target),
  });

export const reservationGetById = <T extends ReservationTypes>(family: ReservationFamily<T>) =>
  defineCommand({
    name: "reservation-get-by-id",
    access: "read",
    summary: "Returns the reservations of a client in all subnets.",
    arguments: z.object({
      ...identifierArguments,
      "subnet-id": z.undefined({ error: "is forbidden here" }).optional().describe("Of no use: leave it out."),
      "operation-target": operationTarget,
    }),
    examples: [exampleOf(family, { "identifier-type": "hw-address", identifier: "1a:1b:1c:1d:1e:1f" })],
    run({ "identifier-type": type, identifier: text, "operation-target": target }, context: ReservationContext<T>) {
      const identifier = readIdentifier<T>(type, text);
      return typeof identifier === "string" ? failed(identifier) : answer(family, context, { identifier }, target);
    },
  });

function exampleOf<T extends ReservationTypes>(family: ReservationFamily<T>, args: { readonly [key: string]: string }) {
  return { arguments: args, answer: done(countHosts(family, 1), { hosts: [exampleReservation(family)] }) };
}
