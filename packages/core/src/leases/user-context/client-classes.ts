/** The classes that a lease's client was in, in the `user-context` form of Kea's `limits`. */
import { parseContext, withMaps } from "./user-context.ts";

interface ClassedContext {
  readonly ISC?: { readonly "client-classes"?: unknown };
}

const KEY = "client-classes";

/** The user context with these classes in it; what else is in it stays. */
export function withClientClasses(userContext: string, classes: ReadonlySet<string>): string {
  return withMaps(userContext, { ISC: { [KEY]: [...classes] } });
}

export function clientClassesOf(userContext: string): readonly string[] {
  if (!userContext.includes(`"${KEY}"`)) return [];
  const { ISC: isc }: ClassedContext = parseContext(userContext);
  const classes = isc?.[KEY];
  return Array.isArray(classes) ? classes.filter((name) => typeof name === "string") : [];
}
