/** What the configuration has for a client at the place where it is served, asked for or not. */
import type { Place6 } from "@kotare/core/allocate/allocate6";
import { noOptions, type ScopeOptions } from "@kotare/core/options/scope-options";
import type { EffectiveOptions } from "@kotare/core/subnets/options/effective-options";
import type { Reply6 } from "../path/outcome6.ts";
import type { Query6 } from "../path/query6.ts";

/** Of the pools that the leases come from, in their order, then of the subnet; a reservation's on top. */
export function configuredOptions6(profile: Query6["profile"], place: Place6, reply: Reply6): EffectiveOptions {
  const { subnet } = servedAt(place, reply);
  const own = ownScopes6(place, reply);
  if (own.length === 0) return subnet.options.for(profile);
  const pool = firstGiven(reply)?.pool;
  if (pool !== undefined && own.length === 1 && own[0] === pool.ownOptions) return pool.options.for(profile);
  return subnet.options.under(own, profile);
}

/** What lies over the options of the subnet, the nearest first. */
export function ownScopes6(place: Place6, reply: Reply6): readonly ScopeOptions[] {
  const own: ScopeOptions[] = [];
  addTo(own, servedAt(place, reply).host?.options);
  for (const { given } of reply.ias) for (const { pool } of given) addTo(own, pool?.ownOptions);
  return own;
}

function addTo(own: ScopeOptions[], options: ScopeOptions | undefined): void {
  if (options !== undefined && options !== noOptions && !own.includes(options)) own.push(options);
}

/** Where it gets its first lease, else where it is. */
export function servedAt(place: Place6, reply: Reply6): Place6 {
  return firstGiven(reply)?.place ?? place;
}

function firstGiven({ ias }: Reply6) {
  return ias.find(({ given }) => given.length > 0)?.given[0];
}
