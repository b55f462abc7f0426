/** What happens to leases by themselves: they expire, and are forgotten when nobody has come back for them. */
import type { Seconds } from "../base/clock.ts";
import type { ExpiredLeasesConfig } from "../config/dhcp4-config.ts";
import { type Lease, LeaseState } from "../leases/lease.ts";
import type { LeaseClock } from "../leases/lease-clock.ts";
import type { FamilyBatch, FamilyStore, Found } from "../leases/lease-store.ts";
import type { Logger } from "../log/logger.ts";
import type { ServerMessages } from "./messages.ts";

/** Leases a step where the configuration sets no limit: a step takes a fraction of a millisecond. */
const STEP = 100;

export class Upkeep<L extends Lease, Batch extends FamilyBatch<L>> implements Disposable {
  readonly #store: FamilyStore<L, Batch>;
  readonly #clock: LeaseClock;
  readonly #log: Logger;
  readonly #messages: Pick<ServerMessages, "LEASES_RECLAIMED">;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #step: number;
  readonly #hold: Seconds;

  constructor(
    config: ExpiredLeasesConfig,
    store: FamilyStore<L, Batch>,
    clock: LeaseClock,
    log: Logger,
    messages: Pick<ServerMessages, "LEASES_RECLAIMED">,
  ) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
    this.#messages = messages;
    this.#step = config["max-reclaim-leases"] || STEP;
    this.#hold = config["hold-reclaimed-time"];
    this.#every(config["reclaim-timer-wait-time"], () => this.reclaim());
    this.#every(config["flush-reclaimed-timer-wait-time"], () => this.forget());
  }

  /**
   * Leases that are over are kept for their clients from now on; resolves when there is none left, or no disk.
   * @param isForgotten whether they are not kept
   */
  async reclaim(isForgotten = false): Promise<void> {
    const become = isForgotten ? () => undefined : keepForClient<L>;
    const count = await this.#run((batch, now) => batch.expired(now, this.#step), become);
    if (count > 0) this.#log.log(this.#messages.LEASES_RECLAIMED, { count });
  }

  /** Kept leases for which nobody has come back are given up. */
  async forget(): Promise<void> {
    await this.#run(
      (batch, now) => batch.forgettable(now, this.#hold, this.#step),
      () => undefined,
    );
  }

  #every(seconds: Seconds, task: () => Promise<void>): void {
    if (seconds === 0) return;
    let isRunning = false;
    const run = async () => {
      if (isRunning) return;
      isRunning = true;
      await task();
      isRunning = false;
    };
    this.#timers.push(setInterval(() => void run(), seconds * 1000).unref());
  }

  /** Goes through what is due in steps beside service. @returns how many leases were changed */
  async #run(find: (batch: Batch, now: Seconds) => Found<L>, become: (lease: L) => L | undefined): Promise<number> {
    for (let count = 0; ; ) {
      const batch = this.#store.begin();
      const found = find(batch, Math.floor(this.#clock.wall()));
      // What is at hand is changed before anybody else can.
      const due = found instanceof Promise ? await found.catch(() => []) : found;
      if (due.length === 0) return count;
      for (const lease of due) {
        const next = become(lease);
        if (next === undefined) batch.discard(lease);
        else batch.put(next);
      }
      const result = await batch.commit();
      // The next round tries again.
      if (result.kind === "failed") return count;
      count += due.length - (result.kind === "taken" ? result.changes.size : 0);
      await new Promise(setImmediate);
    }
  }

  [Symbol.dispose](): void {
    for (const timer of this.#timers) clearInterval(timer);
  }
}

/** A lease that is over is kept for its client; what was on offer or declined was nobody's. */
function keepForClient<L extends Lease>(lease: L): L | undefined {
  if (lease.state !== LeaseState.assigned) return undefined;
  return { ...lease, state: LeaseState.reclaimed, fqdnFwd: false, fqdnRev: false, hostname: "" };
}
