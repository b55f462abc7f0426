/** What happens to leases by themselves: they expire, and are forgotten when nobody has come back for them. */

import type { ExpiredLeasesConfig } from "@kotare/core/config/dhcp4-config";
import type { LeaseClock } from "@kotare/core/leases/lease-clock";
import type { LeaseStore } from "@kotare/core/leases/lease-store";
import { type Lease4, LeaseState } from "@kotare/core/leases/lease4";
import type { Logger } from "@kotare/core/log/logger";
import { upkeep } from "./messages4.ts";

/** Leases a step where the configuration sets no limit: a step takes a fraction of a millisecond. */
const STEP = 100;

export class Upkeep4 implements Disposable {
  readonly #store: LeaseStore;
  readonly #clock: LeaseClock;
  readonly #log: Logger;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #step: number;

  constructor(config: ExpiredLeasesConfig, store: LeaseStore, clock: LeaseClock, log: Logger) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
    this.#step = config["max-reclaim-leases"] || STEP;
    const hold = config["hold-reclaimed-time"];
    this.#every(config["reclaim-timer-wait-time"], (now) => store.expired(now, this.#step), reclaim);
    this.#every(
      config["flush-reclaimed-timer-wait-time"],
      (now) => store.forgettable(now, hold, this.#step),
      () => undefined,
    );
  }

  /** Runs through what is due every so many seconds, in steps beside service. */
  #every(
    seconds: number,
    find: (now: number) => readonly Lease4[],
    become: (lease: Lease4) => Lease4 | undefined,
  ): void {
    if (seconds === 0) return;
    let isRunning = false;
    const run = async () => {
      if (isRunning) return;
      isRunning = true;
      let count = 0;
      for (let due = find(this.#now()); due.length > 0; due = find(this.#now())) {
        if (!(await this.#change(due, become))) break;
        count += due.length;
        await new Promise(setImmediate);
      }
      isRunning = false;
      if (count > 0) this.#log.log(upkeep.ALLOC_ENGINE_V4_LEASES_RECLAIMED, { count });
    };
    this.#timers.push(setInterval(() => void run(), seconds * 1000).unref());
  }

  #now(): number {
    return Math.floor(this.#clock.wall());
  }

  /** @returns false when the changes could not be made durable; the next round tries again */
  async #change(due: readonly Lease4[], become: (lease: Lease4) => Lease4 | undefined): Promise<boolean> {
    const batch = this.#store.begin();
    for (const lease of due) {
      const next = become(lease);
      if (next === undefined) batch.remove(lease.address);
      else batch.put(next);
    }
    return (await batch.commit()).kind === "durable";
  }

  [Symbol.dispose](): void {
    for (const timer of this.#timers) clearInterval(timer);
  }
}

/** A lease that is over is kept for its client; what was on offer or declined was nobody's. */
function reclaim(lease: Lease4): Lease4 | undefined {
  if (lease.state !== LeaseState.assigned) return undefined;
  return { ...lease, state: LeaseState.reclaimed, fqdnFwd: false, fqdnRev: false, hostname: "" };
}
