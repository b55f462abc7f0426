/** How commands show reservations. */
import { findSubnet } from "../../../config/edit/edit-subnets.ts";
import { GLOBAL } from "../../../hosts/database/host-database.ts";
import { type Answer, Result } from "../../answer.ts";
import { type Json, JsonList } from "../../kea-json.ts";
import { writePart } from "../config/written-config.ts";
import type { ReservationContext, ReservationFamily, ReservationTypes } from "./reservation-family.ts";
import type { Found } from "./reservation-sources.ts";

/** As Kea gives it back. */
export function describeReservation<T extends ReservationTypes>(
  { tree }: ReservationFamily<T>,
  config: T["config"],
  { subnetId, reservation }: Found<T>,
): Json {
  const written = writePart(tree.family, ["reservations"], reservation, [config]);
  const entries = Object.entries<Json>({ "subnet-id": subnetId, ...written });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** @param more what stands beside the list */
export function answerReservations<T extends ReservationTypes>(
  family: ReservationFamily<T>,
  context: Pick<ReservationContext<T>, "config">,
  found: readonly Found<T>[],
  more: { readonly [key: string]: Json } = {},
): Answer {
  const config = context.config();
  return {
    result: found.length === 0 ? Result.empty : Result.success,
    text: countHosts(family, found.length),
    arguments: { ...more, hosts: JsonList.of(found, (host) => describeReservation(family, config, host)) },
  };
}

export function countHosts({ tree }: Pick<ReservationFamily<ReservationTypes>, "tree">, count: number): string {
  return `${count} IPv${tree.number} host(s) found.`;
}

/** @returns what to answer where there is no such subnet */
export function unknownSubnet<T extends ReservationTypes>(
  { tree }: ReservationFamily<T>,
  config: T["config"],
  subnetId: number | undefined,
): string | undefined {
  if (subnetId === undefined || subnetId === GLOBAL) return undefined;
  if (findSubnet(tree, config, ({ id }) => id === subnetId) !== undefined) return undefined;
  return `IPv${tree.number} subnet with ID of '${subnetId}' is not configured`;
}
