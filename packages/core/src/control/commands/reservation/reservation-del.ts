/** `reservation-del`. */
import { type Answer, done, failed, Result } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import { editConfig } from "../../edit-config.ts";
import type { ReservationContext, ReservationFamily, ReservationTypes } from "./reservation-family.ts";
import { type Filter, matches, withReservations } from "./reservation-sources.ts";
import { filterBy, whichReservation } from "./which-reservation.ts";

const DELETED = done("Host deleted.");
const ABSENT = failed("Host not deleted (not found).", Result.empty);

export const reservationDel = <T extends ReservationTypes>(family: ReservationFamily<T>) =>
  defineCommand({
    name: "reservation-del",
    access: "write",
    summary:
      "Deletes a reservation, found by an address or by its identifier: in the first host database that has it, or in " +
      "the configuration with `memory`.",
    arguments: whichReservation,
    examples: [
      { arguments: { "subnet-id": 1, "ip-address": family.example.address }, answer: DELETED },
      { arguments: { "subnet-id": 1, "identifier-type": "flex-id", identifier: "'port 7'" }, answer: { ...ABSENT } },
    ],
    async run(which, context: ReservationContext<T>) {
      const filter = filterBy(family, which);
      if (typeof filter === "string") return failed(filter);
      if (filter === undefined) return ABSENT;
      const { "operation-target": target } = which;
      if (target === "memory" || target === "all") {
        const answer = await removeConfigured(family, context, filter);
        if (target === "memory" || answer === DELETED) return answer;
      }
      const writable = context.hostDatabases().filter(({ isReadOnly }) => !isReadOnly);
      if (writable.length === 0) {
        return failed("Unable to delete a host because there is no hosts-database configured that may be written.");
      }
      for (const database of writable) {
        if ((await database.remove(filter)) === 0) continue;
        const { identifier, address } = filter;
        context.reservationChanged({ identifier, addresses: address === undefined ? [] : [address] });
        return DELETED;
      }
      return ABSENT;
    },
  });

function removeConfigured<T extends ReservationTypes>(
  family: ReservationFamily<T>,
  context: ReservationContext<T>,
  filter: Filter<T> & { readonly subnetId: number },
): Promise<Answer> {
  const isIt = matches(family, filter);
  return editConfig(family.tree, context, (before) => {
    const config = withReservations(family, before, filter.subnetId, (list) =>
      list.some(isIt) ? list.filter((each) => !isIt(each)) : undefined,
    );
    return config === undefined ? ABSENT : { config, answer: DELETED };
  });
}
