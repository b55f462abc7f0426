/** The commands about reservations: those of Kea's library `host_cmds`. */
import type { Command } from "../command.ts";
import { reservationAdd } from "./reservation/reservation-add.ts";
import { reservationDel } from "./reservation/reservation-del.ts";
import {
  type ReservationContext,
  type ReservationFamily,
  type ReservationTypes,
  reservations4,
  reservations6,
} from "./reservation/reservation-family.ts";
import { reservationGet } from "./reservation/reservation-get.ts";
import { reservationGetAll } from "./reservation/reservation-get-all.ts";
import {
  reservationGetByAddress,
  reservationGetByHostname,
  reservationGetById,
} from "./reservation/reservation-get-by.ts";
import { reservationGetPage } from "./reservation/reservation-get-page.ts";
import { reservationUpdate } from "./reservation/reservation-update.ts";

const commandsOf = <T extends ReservationTypes>(
  family: ReservationFamily<T>,
): readonly Command<ReservationContext<T>>[] => [
  reservationAdd(family),
  reservationDel(family),
  reservationGet(family),
  reservationGetAll(family),
  reservationGetByAddress(family),
  reservationGetByHostname(family),
  reservationGetById(family),
  reservationGetPage(family),
  reservationUpdate(family),
];

export const reservationCommands4 = /* @__PURE__ */ commandsOf(reservations4);
export const reservationCommands6 = /* @__PURE__ */ commandsOf(reservations6);
