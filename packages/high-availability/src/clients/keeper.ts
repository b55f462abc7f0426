/** Which server of a pair ends a lease when its time is over, and tells the DNS of it: who serves its client. */
import type { Keeper, Lease } from "@kotare/extension";
import { type State, serves } from "../state.ts";
import type { Scopes } from "./scopes.ts";

/** In so many seconds a server has ended a lease whose time is over, and told the DNS of what it has given. */
export const UPKEEP = 60;

/** The server that is asked. */
export interface Asked {
  readonly state: State;
  /** Those whose clients it serves now. */
  readonly served: readonly string[];
  /** Whether it and its partner have databases of their own. */
  readonly sendsUpdates: boolean;
  /** When its partner was heard last, in seconds of Unix time. */
  readonly heard: number;
}

export function keeperOf(lease: Lease, scopes: Scopes, { state, served, sendsUpdates, heard }: Asked): Keeper {
  if (state === "backup") return "other";
  // Its leases may be older than the partner's.
  if (!serves(state)) return "unknown";
  const owner = scopes.ownerOfLease(lease);
  if (owner === undefined || served.includes(owner)) return "this";
  // What it ended in the partner's database the partner would not find.
  if (!sendsUpdates) return "unknown";
  if (state === "terminated") return "other";
  // A partner that is gone may not have ended it.
  return lease.cltt + lease["valid-lft"] < heard - UPKEEP ? "other" : "unknown";
}
