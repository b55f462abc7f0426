/** A reservation that a command brings. */
import { z } from "zod";
import { findSubnet } from "../../../config/edit/edit-subnets.ts";
import { formatFault } from "../../../config/fault.ts";
import { keaPrefix } from "../../../config/schema/kea-values.ts";
import { completeOptions } from "../../../hosts/sql/complete-options.ts";
import { compileOptionDefs } from "../../../options/option-spaces.ts";
import type { Json } from "../../kea-json.ts";
import { unknownSubnet } from "./answer-reservations.ts";
import type { ReservationContext, ReservationFamily, ReservationTypes } from "./reservation-family.ts";
import { type Found, operationTarget } from "./reservation-sources.ts";
import { subnetId } from "./which-reservation.ts";

const document = "The reservation, as in the file, with the `subnet-id` of its subnet.";

export const givenReservation = z.object({
  reservation: z.looseObject({ "subnet-id": subnetId.optional() }).describe(document),
  "operation-target": operationTarget,
});

export function exampleReservation<T extends ReservationTypes>({ example }: ReservationFamily<T>): Json {
  return { "subnet-id": 1, ...example.reservation };
}

/** @returns what is wrong with it, where it is none */
export function readGiven<T extends ReservationTypes>(
  family: ReservationFamily<T>,
  context: ReservationContext<T>,
  { "subnet-id": id = 0, ...given }: z.output<typeof givenReservation>["reservation"],
): Found<T> | string {
  const { tree } = family;
  const config = context.config();
  const read = context.readReservation(structuredClone(given));
  if ("faults" in read) return read.faults.map(formatFault).join("; ");
  const unknown = unknownSubnet(family, config, id);
  if (unknown !== undefined) return unknown;
  const subnet = findSubnet(tree, config, (each) => each.id === id)?.subnet.subnet;
  const [stray] = subnet === undefined ? [] : family.strays(read.reservation, subnet);
  if (stray !== undefined) {
    return `specified reservation '${stray}' is not matching the IPv${tree.number} subnet prefix '${keaPrefix(subnet!)}'`;
  }
  const options = read.reservation["option-data"];
  if (options.length === 0) return { subnetId: id, reservation: read.reservation };
  const { spaces } = compileOptionDefs(config["option-def"], tree.family.spaces!);
  const complete = completeOptions(options, spaces);
  return { subnetId: id, reservation: { ...read.reservation, "option-data": complete } };
}
