/** What happens to leases by themselves: they expire, and are forgotten when nobody has come back for them. */
import type { Seconds } from "../../base/clock.ts";
import { Pace } from "../../base/pace.ts";
import { Timer } from "../../base/timer.ts";
import type { ExpiredLeasesConfig } from "../../config/dhcp4-config.ts";
import type { Keeper, SharedNames } from "../../leases/model/adoption.ts";
import { type Lease, LeaseState } from "../../leases/model/lease.ts";
import type { LeaseClock } from "../../leases/model/lease-clock.ts";
import type { Found, LeaseBatch, LeaseStore } from "../../leases/model/lease-store.ts";
import type { Logger } from "../../log/logger.ts";
import type { ServerMessages } from "../messages.ts";

/** Leases a step where the configuration sets no limit: a step takes a fraction of a millisecond. */
const STEP = 100;

type UpkeepMessages = Pick<ServerMessages, "LEASES_RECLAIMED" | "LEASES_RECLAMATION_FAILED">;

/** Is told of each lease whose time is over. @param lease as it was @param isRemoved whether no lease is kept for its client */
export type OnOver<L extends Lease> = (lease: L, isRemoved: boolean) => void;

/** Other servers have the same leases. */
export interface SharedUpkeep<L extends Lease> {
  keeperOf(lease: L): Keeper;
  /** As `SharedNames.adopt`. */
  adopt: SharedNames<L>["adopt"];
}

const alone: SharedUpkeep<Lease> = { keeperOf: () => "this", adopt: (_, change) => change() };

/** Finds what is due, at most so many. */
type Find<L extends Lease, Batch> = (batch: Batch, now: Seconds, limit: number) => Found<L>;

/** @returns whether it has done so */
type Change<L extends Lease, Batch> = (batch: Batch, lease: L) => boolean;

export class Upkeep<L extends Lease, Batch extends LeaseBatch<L>> implements Disposable {
  readonly #store: LeaseStore<L, Batch>;
  readonly #clock: LeaseClock;
  readonly #log: Logger;
  readonly #messages: UpkeepMessages;
  readonly #onOver: OnOver<L>;
  readonly #shared: SharedUpkeep<L>;
  readonly #timers: Timer[] = [];
  readonly #step: number;
  readonly #hold: Seconds;
  #isOver = false;
  /** Said once, and not with each round. */
  #lastFault = "";

  constructor(
    config: ExpiredLeasesConfig,
    store: LeaseStore<L, Batch>,
    clock: LeaseClock,
    log: Logger,
    messages: UpkeepMessages,
    onOver: OnOver<L> = () => {},
    shared: SharedUpkeep<L> = alone,
  ) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
    this.#messages = messages;
    this.#onOver = onOver;
    this.#shared = shared;
    this.#step = config["max-reclaim-leases"] || STEP;
    this.#hold = config["hold-reclaimed-time"];
    this.#every(config["reclaim-timer-wait-time"], () => this.reclaim());
    this.#every(config["flush-reclaimed-timer-wait-time"], () => this.forget());
  }

  /**
   * Leases that are over are kept for their clients from now on. Resolves when there is none left that can be changed, or
   * no disk; never rejects.
   * @param isForgotten whether they are not kept
   */
  async reclaim(isForgotten = false): Promise<void> {
    const become = isForgotten ? () => undefined : keepForClient<L>;
    const find: Find<L, Batch> = (batch, now, limit) => batch.expired(now, limit);
    const end = (batch: Batch, lease: L) => this.#end(batch, lease, become(lease));
    const count = await this.#run(find, end, (lease) => {
      if (lease.state !== LeaseState.offered) this.#onOver(lease, isForgotten);
    });
    if (count > 0) this.#log.log(this.#messages.LEASES_RECLAIMED, { count });
  }

  /** Kept leases for which nobody has come back are given up. Never rejects. */
  async forget(): Promise<void> {
    await this.#run(
      (batch, now, limit) => batch.forgettable(now, this.#hold, limit),
      (batch, lease) => replace(batch, lease, undefined),
      () => {},
    );
  }

  /** @returns false where it is not known whose the lease is: another server may have renewed it */
  #end(batch: Batch, lease: L, next: L | undefined): boolean {
    const { keeperOf, adopt } = this.#shared;
    const keeper = keeperOf(lease);
    if (keeper === "unknown") return false;
    if (keeper === "this") return replace(batch, lease, next);
    adopt("told", () => void replace(batch, lease, next));
    return true;
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
    this.#timers.push(Timer.every(seconds * 1000, () => void run()).unref());
  }

  /**
   * Goes through what is due in steps beside service. What could not be changed is found again by the next step, which
   * looks that much further, and when there is nothing else it is left to the next round.
   * @returns how many leases were changed
   */
  async #run(find: Find<L, Batch>, change: Change<L, Batch>, onChanged: (lease: L) => void): Promise<number> {
    let count = 0;
    const pace = new Pace();
    try {
      for (let stuck = 0; !this.#isOver; ) {
        const limit = this.#step + stuck;
        const batch = this.#store.begin();
        const found = find(batch, Math.floor(this.#clock.wall()), limit);
        // What is at hand is changed before anybody else can.
        const due = found instanceof Promise ? await found : found;
        const changed = await this.#change(batch, due, change);
        changed.forEach(onChanged);
        if (changed.length === 0 && due.length < limit) break;
        count += changed.length;
        stuck = due.length - changed.length;
        await pace.rest();
      }
      this.#lastFault = "";
    } catch (error) {
      this.#report(error instanceof Error ? error.message : String(error));
    }
    return count;
  }

  /**
   * @returns the leases that were changed, as they were
   * @throws what has made the commit fail
   */
  async #change(batch: Batch, due: readonly L[], change: Change<L, Batch>): Promise<readonly L[]> {
    const held = due.filter((lease) => batch.stillHolds(lease) && change(batch, lease));
    const result = await batch.commit();
    if (result.kind === "failed") throw result.error;
    return result.kind === "taken" ? held.filter((_, number) => !result.changes.has(number)) : held;
  }

  #report(error: string): void {
    if (this.#isOver || error === this.#lastFault) return;
    this.#lastFault = error;
    this.#log.log(this.#messages.LEASES_RECLAMATION_FAILED, { error });
  }

  /** A round that is under way ends with its step. */
  [Symbol.dispose](): void {
    this.#isOver = true;
    for (const timer of this.#timers) timer.stop();
  }
}

/** A lease that is over or given back is kept for its client; what was on offer or declined was nobody's. */
function keepForClient<L extends Lease>(lease: L): L | undefined {
  if (lease.state !== LeaseState.assigned && lease.state !== LeaseState.reclaimed) return undefined;
  return { ...lease, state: LeaseState.reclaimed, fqdnFwd: false, fqdnRev: false, hostname: "" };
}

function replace<L extends Lease>(batch: LeaseBatch<L>, lease: L, next: L | undefined): true {
  try {
    if (next !== undefined) batch.put(next);
    else batch.discard(lease);
    return true;
  } catch (error) {
    // A lease of nobody's is kept for nobody.
    if (next === undefined || !(error instanceof RangeError)) throw error;
    batch.discard(lease);
    return true;
  }
}
