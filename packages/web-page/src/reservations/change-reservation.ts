/**
 * How reservations are changed: the one place that knows. By the configuration, where they are in it; by commands, where
 * they are in a host database, and new ones where there is one.
 */
import { type Change, checkMade, configChange, formatConfig } from "../configuration/change/change.ts";
import { type Reservation, ROOTS } from "../configuration/config.ts";
import { type Family, SERVICE_OF } from "../leases/lease.ts";
import type { Session } from "../session.ts";
import type { Place } from "./reservation.ts";
import { hasStore, storedChange } from "./stored-reservations.ts";

/** Without `before` it is added, without `after` removed. */
export interface ReservationChange {
  readonly before: Place | undefined;
  readonly after: Place | undefined;
}

type Config = Record<string, unknown>;

/** @returns a change that the daemon has found to be good @throws Error with what is wrong with it */
export async function planReservation(session: Session, family: Family, wanted: ReservationChange): Promise<Change> {
  const { before, after } = wanted;
  const service = SERVICE_OF[family];
  const root = ROOTS[service];
  const answer = await session.ask<Record<string, Config>>(service, "config-get");
  const config = answer?.[root] ?? {};
  if (before?.isStored ?? hasStore(config)) return storedChange(session, family, titleOf(wanted), before, after);
  const text = formatConfig({ [root]: config });
  const changed = { [root]: withReservation(config, wanted) };
  await checkMade(session, service, changed);
  return { ...configChange(session, service, text, formatConfig(changed)), title: titleOf(wanted) };
}

/** @returns the configuration with the change made @throws Error where it is not as it was when somebody looked */
export function withReservation(config: Config, { before, after }: ReservationChange): Config {
  const without = before === undefined ? config : inSubnet(config, before, (list) => remove(list, before.reservation));
  return after === undefined ? without : inSubnet(without, after, (list) => [...list, after.reservation]);
}

type Edit = (list: readonly Reservation[]) => readonly Reservation[];

function inSubnet(config: Config, { subnetId }: Place, edit: Edit): Config {
  if (subnetId === 0) return edited(config, edit);
  let isFound = false;
  const inScope = (scope: Config): Config => {
    const lists = ["subnet4", "subnet6"].filter((name) => Array.isArray(scope[name]));
    const changed = lists.map((name) => [name, (scope[name] as Config[]).map(inOne)] as const);
    return { ...scope, ...Object.fromEntries(changed) };
  };
  const inOne = (subnet: Config): Config => {
    if (subnet["id"] !== subnetId) return subnet;
    isFound = true;
    return edited(subnet, edit);
  };
  const networks = config["shared-networks"] as readonly Config[] | undefined;
  const result = { ...inScope(config), ...(networks && { "shared-networks": networks.map(inScope) }) };
  if (!isFound) throw new Error(`There is no subnet ${subnetId} any more.`);
  return result;
}

function edited(scope: Config, edit: Edit): Config {
  return { ...scope, reservations: edit((scope["reservations"] ?? []) as readonly Reservation[]) };
}

function remove(list: readonly Reservation[], reservation: Reservation): readonly Reservation[] {
  const text = JSON.stringify(reservation);
  const at = list.findIndex((each) => JSON.stringify(each) === text);
  if (at === -1) throw new Error("Somebody has changed this reservation: look at it again.");
  return list.toSpliced(at, 1);
}

function titleOf({ before, after }: ReservationChange): string {
  if (before === undefined) return "Add a reservation";
  return after === undefined ? "Remove a reservation" : "Change a reservation";
}
