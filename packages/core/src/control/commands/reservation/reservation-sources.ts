/** Where reservations are: in the configuration, and in host databases behind it. */
import { z } from "zod";
import { atPace } from "../../../base/steps.ts";
import { findSubnet, listSubnets, replaceSubnet } from "../../../config/edit/edit-subnets.ts";
import { GLOBAL, type HostFilter, type StoredHost } from "../../../hosts/database/host-database.ts";
import type { ChangedReservation } from "../../../summons/changed-reservations.ts";
import type { ReservationContext, ReservationFamily, ReservationTypes } from "./reservation-family.ts";

/** Kea's `operation-target`. What `default` means each command says. */
export const operationTarget = z
  .enum(["memory", "database", "all", "default"])
  .default("default")
  .describe("Where: `memory` is the configuration, `database` the host databases, `all` is both.");

export type Target = z.output<typeof operationTarget>;

export type Filter<T extends ReservationTypes> = HostFilter<T["type"], T["address"]>;
export type Found<T extends ReservationTypes> = StoredHost<T["reservation"]>;

/** Those of the configuration in its order, then those of each database. */
export async function findReservations<T extends ReservationTypes>(
  family: ReservationFamily<T>,
  context: ReservationContext<T>,
  filter: Filter<T>,
  target: Target,
): Promise<readonly Found<T>[]> {
  const found = target === "database" ? [] : [...(await atPace(findConfigured(family, context.config(), filter)))];
  if (target === "memory") return found;
  for (const database of context.hostDatabases()) {
    for (const { subnetId, reservation: document } of await database.find(filter)) {
      const read = context.readReservation(document);
      if ("reservation" in read) found.push({ subnetId, reservation: read.reservation });
    }
  }
  return found;
}

/** In steps of one reservation each. */
function* findConfigured<T extends ReservationTypes>(
  family: ReservationFamily<T>,
  config: T["config"],
  filter: Filter<T>,
): Generator<void, readonly Found<T>[]> {
  const found: Found<T>[] = [];
  for (const { subnetId, reservations } of listsOf(family, config, filter.subnetId)) {
    for (const reservation of reservations) {
      if (fits(family, reservation, filter)) found.push({ subnetId, reservation });
      yield;
    }
  }
  return found;
}

/** Of all subnets with their lists, the global one last. */
export function* listsOf<T extends ReservationTypes>(
  { tree }: ReservationFamily<T>,
  config: T["config"],
  only?: number,
): Generator<{ readonly subnetId: number; readonly reservations: readonly T["reservation"][] }> {
  for (const { subnet } of listSubnets(tree, config)) {
    if (only !== undefined && subnet.id !== only) continue;
    yield { subnetId: subnet.id, reservations: subnet.reservations as readonly T["reservation"][] };
  }
  if (only === undefined || only === GLOBAL) {
    yield { subnetId: GLOBAL, reservations: config.reservations as readonly T["reservation"][] };
  }
}

function fits<T extends ReservationTypes>(
  { table }: ReservationFamily<T>,
  reservation: T["reservation"],
  { identifier, address, hostname }: Filter<T>,
): boolean {
  if (hostname !== undefined && reservation.hostname.toLowerCase() !== hostname.toLowerCase()) return false;
  if (address !== undefined && !table.addressesOf(reservation).includes(address)) return false;
  if (identifier === undefined) return true;
  const { type, key } = table.identifierOf(reservation);
  return type === identifier.type && key === identifier.key;
}

/**
 * The configuration with other reservations in one subnet.
 * @param change gives the new list; `undefined` leaves all as it is
 */
export function withReservations<T extends ReservationTypes>(
  { tree }: ReservationFamily<T>,
  config: T["config"],
  subnetId: number,
  change: (reservations: readonly T["reservation"][]) => readonly T["reservation"][] | undefined,
): T["config"] | undefined {
  if (subnetId === GLOBAL) {
    const reservations = change(config.reservations as readonly T["reservation"][]);
    return reservations && { ...config, reservations };
  }
  const found = findSubnet(tree, config, ({ id }) => id === subnetId);
  const reservations = found && change(found.subnet.reservations as readonly T["reservation"][]);
  return reservations && replaceSubnet(tree, config, found, { ...found.subnet, reservations });
}

/** The same reservation: of one subnet, and by the same identifier. */
export function filterOf<T extends ReservationTypes>(
  { table }: ReservationFamily<T>,
  { subnetId, reservation }: Found<T>,
): Filter<T> & { readonly subnetId: number } {
  return { subnetId, identifier: table.identifierOf(reservation) };
}

/** For clients that have leases. */
export function changeOf<T extends ReservationTypes>(
  { table }: ReservationFamily<T>,
  { reservation }: Found<T>,
): ChangedReservation<T["address"]> {
  return { identifier: table.identifierOf(reservation), addresses: table.addressesOf(reservation) };
}

export function matches<T extends ReservationTypes>(
  family: ReservationFamily<T>,
  filter: Filter<T>,
): (reservation: T["reservation"]) => boolean {
  return (reservation) => fits(family, reservation, filter);
}
