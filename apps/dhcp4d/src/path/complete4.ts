/** The classes that come when it is known what the client gets: they count for options and boot fields only. */
import { completeClasses } from "@kotare/core/allocate/place-client";
import type { Reply4 } from "./outcome4.ts";
import type { Query4 } from "./query4.ts";
import type { Service4 } from "./service4.ts";

export function completeQuery4(query: Query4, reply: Reply4, { scope: { classes } }: Service4): Query4 {
  if (reply.place === undefined) return query;
  const complete = completeClasses(query, reply.place.host, additionalClasses4(reply), classes.set);
  return complete === query.classes ? query : { ...query, classes: complete, profile: classes.profiles.of(complete) };
}

/** Those that the scopes of what the client gets ask for. */
export function additionalClasses4({ place, pool }: Reply4): readonly string[] {
  const ofSubnet = place?.subnet.additionalClasses ?? [];
  return pool === undefined || pool.additionalClasses.length === 0
    ? ofSubnet
    : [...pool.additionalClasses, ...ofSubnet];
}
