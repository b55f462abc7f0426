/**
 * Reservations that clients were offered something by, in memory for a moment: who takes an offer does so at once, and need
 * not be looked up again.
 */
import type { Seconds } from "../../base/clock.ts";

/** How long what was known is good enough to be tried. Afterwards nothing of it stays for longer than as much again. */
const FRESH: Seconds = 4;
/** The most that are kept of so many seconds: more clients than that are not served in that time. */
const LIMIT = 50_000;

interface Offered<Hosts> {
  readonly hosts: Hosts;
  readonly at: Seconds;
  /** As of `HostDatabase`, before they were loaded. */
  readonly revision: number;
}

export class OfferedHosts<Hosts> {
  /** Takes what comes, until it is replaced as a whole: no map that is filled and emptied gets old. */
  #young = new Map<string, Offered<Hosts>>();
  #old = new Map<string, Offered<Hosts>>();
  #since: Seconds = 0;

  set(client: string, offered: Offered<Hosts>): void {
    if (offered.at > this.#since + FRESH || this.#young.size >= LIMIT) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#since = offered.at;
    }
    this.#young.set(client, offered);
  }

  /** @param revision nothing counts that was loaded before another one */
  get(client: string, now: Seconds, revision: number): Hosts | undefined {
    const offered = this.#young.get(client) ?? this.#old.get(client);
    return offered !== undefined && offered.revision === revision && now <= offered.at + FRESH
      ? offered.hosts
      : undefined;
  }

  delete(client: string): void {
    if (!this.#young.delete(client)) this.#old.delete(client);
  }
}
