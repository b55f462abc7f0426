/** The states that a server of a pair may be in: Kea's. */

export const STATES = [
  "waiting",
  "syncing",
  "ready",
  "hot-standby",
  "load-balancing",
  "communication-recovery",
  "partner-down",
  "in-maintenance",
  "partner-in-maintenance",
  "passive-backup",
  "backup",
  "terminated",
] as const;
export type State = (typeof STATES)[number];

export function isState(name: string): name is State {
  return (STATES as readonly string[]).includes(name);
}

/** Whether a server in the state serves clients at all. */
export function serves(state: State): boolean {
  return !IDLE.has(state);
}

const IDLE: ReadonlySet<State> = new Set(["waiting", "syncing", "ready", "in-maintenance", "backup"]);

/** Whether a server in the state serves the clients of its partner, too. */
export function servesAll(state: State): boolean {
  return state === "partner-down" || state === "partner-in-maintenance";
}

/** Whether answers to clients wait for the partner, in a pair of the mode. */
export function informs(state: State, mode: "hot-standby" | "load-balancing" | "passive-backup"): boolean {
  return state === mode || state === "partner-in-maintenance";
}
