/** Kea's `client-classes` of networks, subnets and pools: whom they are for. */

/** Names of classes, one of which is enough; none lets everybody in. */
export type ClassGuard = readonly string[];

export function admits(guard: ClassGuard, classes: ReadonlySet<string>): boolean {
  if (guard.length === 0) return true;
  for (const name of guard) if (classes.has(name)) return true;
  return false;
}

/** A subnet, which is guarded by its own classes and by those of its shared network. */
export interface Guarded {
  readonly guards: readonly ClassGuard[];
}

export function isOpenTo({ guards }: Guarded, classes: ReadonlySet<string>): boolean {
  for (const guard of guards) if (!admits(guard, classes)) return false;
  return true;
}

/** Of one client, for all that may be asked about. */
export function openTo(classes: ReadonlySet<string>): (guarded: Guarded) => boolean {
  return (guarded) => isOpenTo(guarded, classes);
}
