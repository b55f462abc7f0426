/**
 * What two servers of ours tell each other in heartbeats beside what Kea's do: with it they find back by themselves where two of
 * Kea's end their pair, or go on without some of each other's leases.
 */

export interface Healing {
  /** Changes whenever the server may have leases that its partner was not told of; who has fetched all since has them. */
  readonly untold: string;
}

/** From a heartbeat's answer. @returns `undefined` for a partner of another make */
export function readHealing(given: unknown): Healing | undefined {
  if (typeof given !== "object" || given === null || !("untold" in given)) return undefined;
  const { untold } = given;
  return typeof untold === "string" ? { untold } : undefined;
}
