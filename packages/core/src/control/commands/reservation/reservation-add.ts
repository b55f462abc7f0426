/** `reservation-add`. */
import type { HostDatabase } from "../../../hosts/database/host-database.ts";
import { type Answer, done, failed } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import { editConfig } from "../../edit-config.ts";
import { exampleReservation, givenReservation, readGiven } from "./given-reservation.ts";
import type { ReservationContext, ReservationFamily, ReservationTypes } from "./reservation-family.ts";
import { changeOf, type Found, withReservations } from "./reservation-sources.ts";

const ADDED = done("Host added.");

export const reservationAdd = <T extends ReservationTypes>(family: ReservationFamily<T>) =>
  defineCommand({
    name: "reservation-add",
    access: "write",
    summary:
      "Adds a reservation, which counts at once: to the first host database that may be written, or to the " +
      "configuration with `memory`.",
    arguments: givenReservation,
    examples: [{ arguments: { reservation: exampleReservation(family) }, answer: ADDED }],
    async run({ reservation, "operation-target": target }, context: ReservationContext<T>) {
      const host = readGiven(family, context, reservation);
      if (typeof host === "string") return failed(host);
      const isInMemory = target === "memory" || target === "all";
      if (isInMemory) {
        const answer = await addConfigured(family, context, host);
        if (target === "memory" || answer.result !== 0) return answer;
      }
      const answer = await addStored(family, context, host);
      const isAssumed = reservation["subnet-id"] === undefined;
      if (answer.result !== 0 || !isAssumed) return answer;
      return done("Host added. subnet-id not specified, assumed global (subnet-id 0).");
    },
  });

/** What the check of the configuration finds is the conflict. */
function addConfigured<T extends ReservationTypes>(
  family: ReservationFamily<T>,
  context: ReservationContext<T>,
  { subnetId, reservation }: Found<T>,
): Promise<Answer> {
  return editConfig(family.tree, context, (config) => ({
    config: withReservations(family, config, subnetId, (list) => [...list, reservation])!,
    answer: ADDED,
  }));
}

async function addStored<T extends ReservationTypes>(
  family: ReservationFamily<T>,
  context: ReservationContext<T>,
  host: Found<T>,
): Promise<Answer> {
  const database = writable(context);
  if (database === undefined) return failed(NO_DATABASE);
  if (await database.add(host, context.config()["ip-reservations-unique"])) {
    context.reservationChanged(changeOf(family, host));
    return ADDED;
  }
  return failed(`Database duplicate entry error: ${database.name} has a reservation of that client or address already`);
}

export const NO_DATABASE =
  "Host database not available, cannot add host: hosts-databases names none that may be written";

/** The first one that is there to be written. */
export function writable<T extends ReservationTypes>(
  context: ReservationContext<T>,
): HostDatabase<T["type"], T["address"], T["reservation"]> | undefined {
  return context.hostDatabases().find(({ isReadOnly }) => !isReadOnly);
}
