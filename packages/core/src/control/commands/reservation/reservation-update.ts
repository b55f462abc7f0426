/** `reservation-update`. */
import { type Answer, done, failed } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import { editConfig } from "../../edit-config.ts";
import { exampleReservation, givenReservation, readGiven } from "./given-reservation.ts";
import type { ReservationContext, ReservationFamily, ReservationTypes } from "./reservation-family.ts";
import { changeOf, type Found, filterOf, matches, withReservations } from "./reservation-sources.ts";

const UPDATED = done("Host updated.");
const ABSENT = failed("Host not updated (not found).");

export const reservationUpdate = <T extends ReservationTypes>(family: ReservationFamily<T>) =>
  defineCommand({
    name: "reservation-update",
    access: "write",
    summary:
      "Replaces the reservation of a client in a subnet as a whole: in the first host database that has it, or in the " +
      "configuration with `memory`.",
    arguments: givenReservation,
    examples: [{ arguments: { reservation: exampleReservation(family) }, answer: UPDATED }],
    async run({ reservation, "operation-target": target }, context: ReservationContext<T>) {
      if (reservation["subnet-id"] === undefined) return failed("Mandatory 'subnet-id' parameter missing.");
      const host = readGiven(family, context, reservation);
      if (typeof host === "string") return failed(host);
      if (target === "memory" || target === "all") {
        const answer = await updateConfigured(family, context, host);
        if (target === "memory" || answer !== ABSENT) return answer;
      }
      return updateStored(family, context, host);
    },
  });

function updateConfigured<T extends ReservationTypes>(
  family: ReservationFamily<T>,
  context: ReservationContext<T>,
  host: Found<T>,
): Promise<Answer> {
  const isIt = matches(family, filterOf(family, host));
  return editConfig(family.tree, context, (before) => {
    const config = withReservations(family, before, host.subnetId, (list) =>
      list.some(isIt) ? [...list.filter((each) => !isIt(each)), host.reservation] : undefined,
    );
    return config === undefined ? ABSENT : { config, answer: UPDATED };
  });
}

async function updateStored<T extends ReservationTypes>(
  family: ReservationFamily<T>,
  context: ReservationContext<T>,
  host: Found<T>,
): Promise<Answer> {
  for (const database of context.hostDatabases()) {
    if (database.isReadOnly) continue;
    const result = await database.update(host, context.config()["ip-reservations-unique"]);
    if (result === "updated") {
      context.reservationChanged(changeOf(family, host));
      return UPDATED;
    }
    if (result === "conflict") {
      return failed(`Database duplicate entry error: ${database.name} has another reservation of that address`);
    }
  }
  return ABSENT;
}
