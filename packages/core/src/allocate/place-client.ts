/** Which classes a client is in and where it may be served, in Kea's order (its manual, "Classification Steps"). */
import { BuiltIn } from "../classify/built-in-classes.ts";
import type { ClassSet, Open } from "../classify/class-set.ts";
import type { Subject } from "../expressions/expression.ts";
import type { HostIdentifier } from "../hosts/host-index.ts";
import { type Guarded, isOpenTo } from "../subnets/class-guard.ts";
import type { Parameters } from "../subnets/parameters.ts";

/** A subnet and the client's reservation in it: its own, else a global one. */
export interface Place<Subnet, Host> {
  readonly subnet: Subnet;
  readonly host: Host | undefined;
}

interface ClassedHost {
  readonly classes: readonly string[];
}

interface Hosts<Type extends string, Host> {
  find(identifiers: readonly HostIdentifier<Type>[]): Host | undefined;
}

interface PlacedSubnet<Type extends string, Host, Self> extends Guarded {
  readonly parameters: Pick<Parameters, "reservationsInSubnet" | "reservationsGlobal">;
  readonly hosts: Hosts<Type, Host>;
  readonly network: { readonly subnets: readonly Self[] } | undefined;
}

export interface Placing<S extends Subject, Type extends string, Host> {
  readonly set: ClassSet<S>;
  readonly isGlobalHostEarly: boolean;
  readonly globalHosts: Hosts<Type, Host>;
  /** The client's identifiers of the kinds that reservations use, in the configured order. */
  readonly identifiers: readonly HostIdentifier<Type>[];
}

/**
 * Puts the subject into classes.
 * @param select picks the client's subnet, among those that are open to its classes
 * @returns the selected subnet first, then those that follow it in its shared network and those before it; `undefined` for a client in class DROP
 */
export function placeClient<
  S extends Subject,
  Type extends string,
  Host extends ClassedHost,
  Subnet extends PlacedSubnet<Type, Host, Subnet>,
>(
  subject: Open<S>,
  { set, isGlobalHostEarly, globalHosts, identifiers }: Placing<S, Type, Host>,
  select: () => Subnet | undefined,
): readonly Place<Subnet, Host>[] | undefined {
  set.begin(subject);
  if (subject.classes.has(BuiltIn.drop)) return undefined;
  const globalHost = globalHosts.find(identifiers);
  const early = isGlobalHostEarly ? globalHost : undefined;
  if (early !== undefined) {
    set.reconsider(subject, early.classes);
    set.know(subject, early.classes);
    if (subject.classes.has(BuiltIn.drop)) return undefined;
  }
  const selected = select();
  const candidates = selected === undefined ? [] : around(selected);
  const places = candidates.map((subnet): Place<Subnet, Host> => {
    const { reservationsInSubnet, reservationsGlobal } = subnet.parameters;
    const own = reservationsInSubnet ? subnet.hosts.find(identifiers) : undefined;
    return { subnet, host: own ?? (reservationsGlobal ? globalHost : undefined) };
  });
  const open = places.filter(({ subnet }) => isOpenTo(subnet, subject.classes));
  const given = classesOfHosts(open, early, globalHost);
  if (early === undefined && given !== undefined && given === globalHost?.classes) set.reconsider(subject, given);
  set.know(subject, given);
  if (subject.classes.has(BuiltIn.drop)) return undefined;
  return places.filter(({ subnet }) => isOpenTo(subnet, subject.classes));
}

function around<Subnet extends PlacedSubnet<string, unknown, Subnet>>(selected: Subnet): readonly Subnet[] {
  if (selected.network === undefined) return [selected];
  const { subnets } = selected.network;
  const at = subnets.indexOf(selected);
  return [...subnets.slice(at), ...subnets.slice(0, at)];
}

/**
 * The classes that reservations give before there is a lease; `undefined` for a client without a reservation. In a shared
 * network a subnet's own reservation counts, but what it gives depends on the subnet that the client gets.
 */
function classesOfHosts<Host extends ClassedHost>(
  places: readonly Place<{ readonly network: object | undefined }, Host>[],
  early: Host | undefined,
  globalHost: Host | undefined,
): readonly string[] | undefined {
  const reserved = places.filter(({ host }) => host !== undefined);
  if (reserved.length === 0) return early?.classes;
  const host = reserved.find((place) => place.host === globalHost || place.subnet.network === undefined)?.host;
  return host?.classes ?? [];
}

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
