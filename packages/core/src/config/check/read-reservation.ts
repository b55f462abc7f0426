/** An entry of `reservations` that is not in the configuration: of a host database, or of a command. */
import type { z } from "zod";
import { compileOptionData } from "../../options/compile.ts";
import type { OptionSpaces } from "../../options/option-spaces.ts";
import type { OptionDataConfig } from "../dhcp4-config.ts";
import type { ConfigFault } from "../fault.ts";
import type { IdentifierType4 } from "../host-identifier.ts";
import { validate } from "../load/validate.ts";
import { type Identified, IdentifierChecker } from "./check-identifiers.ts";
import type { Report } from "./report.ts";

/** What both families have in an entry. */
export type ReadableReservation = Identified & { readonly "option-data": readonly OptionDataConfig[] };

/** What the families do differently. */
export interface ReservationRules<Reservation> {
  readonly schema: z.ZodType<Reservation>;
  readonly identifiers: readonly IdentifierType4[];
  /** What one reservation sets aside. */
  checkReserved(reservation: Reservation, report: Report): void;
}

export type ReadReservation<Reservation> =
  | { readonly reservation: Reservation }
  /** All that is wrong with it; pointers begin inside of it. */
  | { readonly faults: readonly ConfigFault[] };

/**
 * @param document JSON, which is changed where it is wrong
 * @param spaces the options that there are; without them options are not looked at
 */
export function readReservation<Reservation extends ReadableReservation>(
  { schema, identifiers, checkReserved }: ReservationRules<Reservation>,
  document: object,
  spaces?: OptionSpaces,
): ReadReservation<Reservation> {
  const { value: reservation, faults: found } = validate(schema, document);
  const faults = [...found];
  if (reservation !== undefined) {
    const report = (fault: ConfigFault) => {
      if (fault.severity === "error") faults.push({ ...fault, pointer: fault.pointer.slice(1) });
    };
    new IdentifierChecker(identifiers, true, report).check([reservation], []);
    checkReserved(reservation, report);
    const options = reservation["option-data"];
    if (spaces !== undefined && options.length > 0) {
      for (const { path, message } of compileOptionData(options, spaces).faults) {
        faults.push({ pointer: ["option-data", ...path], message, severity: "error" });
      }
    }
  }
  return reservation === undefined || faults.length > 0 ? { faults } : { reservation };
}
