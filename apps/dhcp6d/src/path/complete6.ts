/** The classes that come when it is known what the client gets: they count for options only. */

import type { Place6 } from "@kotare/core/allocate/allocate6";
import { completeClasses } from "@kotare/core/allocate/place-client";
import { servedAt } from "../reply/configured-options6.ts";
import type { Reply6 } from "./outcome6.ts";
import type { Query6 } from "./query6.ts";
import type { Service6 } from "./service6.ts";

export function completeQuery6(query: Query6, reply: Reply6, { scope: { classes } }: Service6): Query6 {
  const place = placeOf(reply);
  if (place === undefined) return query;
  const complete = completeClasses(query, place.host, additionalClasses6(reply), classes.set);
  return complete === query.classes ? query : { ...query, classes: complete, profile: classes.profiles.of(complete) };
}

/** Those that the scopes of what the client gets ask for. */
export function additionalClasses6(reply: Reply6): readonly string[] {
  const ofPools: string[] = [];
  for (const { given } of reply.ias) {
    for (const { pool } of given) for (const name of pool?.additionalClasses ?? NONE) ofPools.push(name);
  }
  const ofSubnet = placeOf(reply)?.subnet.additionalClasses ?? NONE;
  return ofPools.length === 0 ? ofSubnet : [...ofPools, ...ofSubnet];
}

const NONE: readonly string[] = [];

function placeOf(reply: Reply6): Place6 | undefined {
  const { place } = reply;
  return place === undefined || place === "global" ? undefined : servedAt(place, reply);
}
