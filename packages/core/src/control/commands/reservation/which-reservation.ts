/** How a command is told which reservation is meant. */
import { z } from "zod";
import { latin1 } from "../../../base/bytes.ts";
import { IDENTIFIER_TYPES4, parseIdentifier } from "../../../config/host-identifier.ts";
import { UINT32_MAX } from "../../../config/schema/field.ts";
import type { HostIdentifier } from "../../../hosts/model/host-index.ts";
import type { ReservationFamily, ReservationTypes } from "./reservation-family.ts";
import { type Filter, operationTarget } from "./reservation-sources.ts";

export const subnetId = z
  .int()
  .min(0)
  .max(UINT32_MAX - 1)
  .describe("The subnet's id; 0 for global reservations.");

export const identifierArguments = {
  // Kea knows those of the other family, too, and finds nobody by them.
  "identifier-type": z.enum(IDENTIFIER_TYPES4).describe("By what the client is known."),
  identifier: z.string().describe("The identifier, in hexadecimal digits or as 'text'."),
};

/** @returns what is wrong with it, where that is no identifier */
export function readIdentifier<T extends ReservationTypes>(
  type: (typeof IDENTIFIER_TYPES4)[number],
  text: string,
): HostIdentifier<T["type"]> | string {
  const bytes = parseIdentifier(text);
  return bytes === undefined ? "Unable to parse 'identifier' value." : { type, key: latin1(bytes) };
}

export const whichReservation = z.object({
  "subnet-id": subnetId,
  "ip-address": z.string().optional().describe("One of its addresses; either this or its identifier is needed."),
  "identifier-type": identifierArguments["identifier-type"].optional(),
  identifier: identifierArguments.identifier.optional(),
  "operation-target": operationTarget,
});

/** @returns what is wrong with it, where that is nothing that can be asked for; `undefined` where it can be nobody's here */
export function filterBy<T extends ReservationTypes>(
  { parseAddress, isForeign, tree }: ReservationFamily<T>,
  which: z.output<typeof whichReservation>,
): (Filter<T> & { readonly subnetId: number }) | string | undefined {
  const { "subnet-id": id, "ip-address": text, "identifier-type": type, identifier } = which;
  if (text !== undefined) {
    const address = parseAddress(text);
    if (address === undefined) return isForeign(text) ? undefined : `'${text}' is no IPv${tree.number} address`;
    return { subnetId: id, address };
  }
  if (type === undefined) return "No 'ip-address' provided and 'identifier-type' is missing.";
  if (identifier === undefined) return "No 'ip-address' provided and 'identifier' is missing.";
  const read = readIdentifier<T>(type, identifier);
  return typeof read === "string" ? read : { subnetId: id, identifier: read };
}
