/** Which classes a client is in and where it may be served, in Kea's order (its manual, "Classification Steps"). */

import { BuiltIn } from "../classify/built-in-classes.ts";
import type { ClassSet, Open } from "../classify/class-set.ts";
import type { Subject } from "../expressions/expression.ts";
import { GLOBAL } from "../hosts/database/host-database.ts";
import type { HostView, SubnetHosts } from "../hosts/database/host-view.ts";
import type { HostIdentifier, HostIndex, Identified } from "../hosts/model/host-index.ts";
import { type Guarded, isOpenTo } from "../subnets/class-guard.ts";
import type { Parameters } from "../subnets/parameters.ts";
import { mapped } from "./mapped.ts";

/** A subnet and the client's reservation in it: its own, else a global one. */
export interface Place<Subnet, Host, Hosts> {
  readonly subnet: Subnet;
  readonly host: Host | undefined;
  /** Everybody's in that subnet. */
  readonly hosts: Hosts;
}

interface ClassedHost {
  readonly classes: readonly string[];
}

interface PlacedSubnet<Index, Self> extends Guarded {
  readonly id: number;
  readonly parameters: Pick<Parameters, "reservationsInSubnet" | "reservationsGlobal">;
  readonly hosts: Index;
  readonly network: { readonly subnets: readonly Self[] } | undefined;
}

export interface Placing<
  S extends Subject,
  Type extends string,
  Host extends ClassedHost & Identified<Type>,
  Key extends string | number,
> {
  readonly set: ClassSet<S>;
  readonly isGlobalHostEarly: boolean;
  readonly globalHosts: HostIndex<Type, Host, Key>;
  readonly hosts: Pick<HostView<Type, Host, Key>, "in">;
  /** The client's identifiers of the kinds that reservations use, in the configured order. */
  readonly identifiers: readonly HostIdentifier<Type>[];
}

/**
 * Puts the subject into classes.
 * @param select picks the client's subnet, among those that are open to its classes
 * @param found what extensions have found to be reserved in a subnet for the client
 * @returns the selected subnet first, then those that follow it in its shared network and those before it; `undefined` for a client in class DROP
 */
export function placeClient<
  S extends Subject,
  Type extends string,
  Host extends ClassedHost & Identified<Type>,
  Key extends string | number,
  Subnet extends PlacedSubnet<HostIndex<Type, Host, Key>, Subnet>,
>(
  subject: Open<S>,
  { set, isGlobalHostEarly, globalHosts, hosts, identifiers }: Placing<S, Type, Host, Key>,
  select: () => Subnet | undefined,
  found?: (subnet: Subnet) => Host | undefined,
): readonly Place<Subnet, Host, SubnetHosts<Type, Host, Key>>[] | undefined {
  set.begin(subject);
  if (subject.classes.has(BuiltIn.drop)) return undefined;
  const early = isGlobalHostEarly ? hosts.in(GLOBAL, globalHosts).find(identifiers) : undefined;
  if (early !== undefined) {
    set.reconsider(subject, early.classes);
    set.know(subject, early.classes);
    if (subject.classes.has(BuiltIn.drop)) return undefined;
  }
  const selected = select();
  const candidates = selected === undefined ? NOWHERE : around(selected);
  const wantsGlobal = candidates.some(({ parameters }) => parameters.reservationsGlobal);
  const globalHost = early ?? (wantsGlobal ? hosts.in(GLOBAL, globalHosts).find(identifiers) : undefined);
  const places = mapped(candidates, (subnet) => {
    const { reservationsInSubnet, reservationsGlobal } = subnet.parameters;
    const all = hosts.in(subnet.id, subnet.hosts);
    const own = reservationsInSubnet ? (all.find(identifiers) ?? found?.(subnet)) : undefined;
    return { subnet, host: own ?? (reservationsGlobal ? globalHost : undefined), hosts: all };
  });
  const open = onlyOpen(places, subject.classes);
  const given = classesOfHosts(open, early, globalHost);
  if (given !== undefined && given !== early?.classes) set.reconsider(subject, given);
  set.know(subject, given);
  if (subject.classes.has(BuiltIn.drop)) return undefined;
  return onlyOpen(places, subject.classes);
}

const NOWHERE: readonly never[] = [];

/** Mostly all. */
function onlyOpen<P extends { readonly subnet: Guarded }>(
  places: readonly P[],
  classes: ReadonlySet<string>,
): readonly P[] {
  return places.every(({ subnet }) => isOpenTo(subnet, classes))
    ? places
    : places.filter(({ subnet }) => isOpenTo(subnet, classes));
}

function around<Subnet extends PlacedSubnet<unknown, Subnet>>(selected: Subnet): readonly Subnet[] {
  if (selected.network === undefined) return [selected];
  const { subnets } = selected.network;
  const at = subnets.indexOf(selected);
  return [...subnets.slice(at), ...subnets.slice(0, at)];
}

/**
 * The classes that reservations give before there is a lease; `undefined` for a client without a reservation. In a shared
 * network that depends on the subnet that the client gets. As in Kea, a global reservation with classes has the one that
 * counts in the selected subnet give its own all the same.
 */
function classesOfHosts<Host extends ClassedHost>(
  places: readonly Place<Pick<PlacedSubnet<unknown, object>, "network" | "parameters">, Host, unknown>[],
  early: Host | undefined,
  globalHost: Host | undefined,
): readonly string[] | undefined {
  if (!places.some(({ host }) => host !== undefined)) return early?.classes;
  const { subnet, host } = places[0]!;
  if (subnet.network === undefined) return host?.classes ?? NO_CLASSES;
  if (early !== undefined) return early.classes;
  const isGlobal = subnet.parameters.reservationsGlobal && globalHost !== undefined && globalHost.classes.length > 0;
  return isGlobal ? host!.classes : NO_CLASSES;
}

const NO_CLASSES: readonly string[] = [];

/**
 * The classes with those that come when it is known what the client gets: of its reservation there, and those that scopes
 * ask for.
 * @param additional classes that the scopes want to be looked at, in their order
 */
export function completeClasses<S extends Subject>(
  subject: S,
  host: ClassedHost | undefined,
  additional: readonly string[],
  set: ClassSet<S>,
): ReadonlySet<string> {
  const missing = (host?.classes ?? []).filter((name) => !subject.classes.has(name));
  if (missing.length === 0 && additional.length === 0) return subject.classes;
  const open = { ...subject, classes: new Set([...subject.classes, ...missing]) };
  set.addTo(open, additional);
  return open.classes;
}
