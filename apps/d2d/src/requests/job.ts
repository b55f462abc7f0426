/** A request on its way through the updater. */
import type { StoredRequest } from "./queue-lines.ts";

export interface Job {
  /** A newer request may take the place of one that has not begun, or that waits to be tried again. */
  stored: StoredRequest;
  /** Requests that came before and have the name or the address in common, and are not done with. */
  blockers: number;
  /** Those that wait for this one. */
  readonly waiters: Job[];
}
