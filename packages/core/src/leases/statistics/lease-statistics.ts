/**
 * Counts leases by what their store says has become durable, whoever changed it: a commit that fails has nothing to take
 * back. A lease counts in the pool that it names, as Kea counts after a start; one outside of all pools names pool 0.
 */
import type { Seconds } from "../../base/clock.ts";
import type { Statistic } from "../../stats/statistic.ts";
import { expiryOf, isUsed, type Lease, LeaseState } from "../model/lease.ts";
import type { LeaseBatch, LeaseStore, LeaseTally, LeaseWatcher } from "../model/lease-store.ts";

/** The statistics of the pool that a lease is in; the levels above count along. */
export interface LeaseCounters {
  /** Leased, or registered, and resting after a DECLINE. */
  readonly assigned: Statistic;
  readonly cumulative: Statistic;
  readonly reclaimed: Statistic;
  /** Of addresses only. */
  readonly declined: Statistic | undefined;
  readonly reclaimedDeclined: Statistic | undefined;
}

/** What a lease is counted by. */
export type CountedLease = Pick<LeaseTally, "subnetId" | "poolId" | "state"> & Partial<Pick<LeaseTally, "type">>;

export interface LeaseStatisticsParts {
  countersOf(lease: CountedLease): LeaseCounters;
  /** Of the lease clock. */
  now(): Seconds;
  wall(): Seconds;
}

export class LeaseStatistics<L extends Lease> implements LeaseWatcher<L> {
  readonly #parts: LeaseStatisticsParts;

  private constructor(parts: LeaseStatisticsParts) {
    this.#parts = parts;
  }

  /** Counts what there is, and from then on what changes. Where Kea's statistics tell, no lease is read. */
  static async start<L extends Lease, Batch extends LeaseBatch<L>>(
    store: LeaseStore<L, Batch>,
    parts: LeaseStatisticsParts,
  ): Promise<void> {
    const statistics = new LeaseStatistics<L>(parts);
    store.watch(statistics);
    const tallies = await (store.countHeld?.() ?? store.tally());
    for (const tally of tallies) if (isHeld(tally)) statistics.#hold(tally, tally.count);
  }

  put(lease: L, before: L | undefined): void {
    const wasHeld = before !== undefined && isHeld(before);
    // What somebody takes over, or comes back for, after its time was nobody's in between.
    const isOver = wasHeld && expiryOf(before) <= (isUsed(lease) ? lease.cltt : this.#parts.now());
    if (wasHeld && !isOver && isHeld(lease)) {
      this.#change(before, lease);
      return;
    }
    if (wasHeld) this.#end(before, isOver || lease.state === LeaseState.reclaimed);
    if (!isHeld(lease)) return;
    this.#hold(lease, 1);
    if (isUsed(lease)) this.#parts.countersOf(lease).cumulative.add(1, this.#parts.wall());
  }

  discard(lease: L): void {
    if (isHeld(lease)) this.#end(lease, expiryOf(lease) <= this.#parts.now());
  }

  /** One that goes on being held. */
  #change(before: L, after: L): void {
    const isMoved =
      before.subnetId !== after.subnetId ||
      before.poolId !== after.poolId ||
      isRegistered(before) !== isRegistered(after);
    if (!isMoved && before.state === after.state) return;
    if (isMoved) {
      this.#hold(before, -1);
      this.#hold(after, 1);
    } else {
      const { declined } = this.#parts.countersOf(after);
      declined?.add(after.state === LeaseState.declined ? 1 : -1, this.#parts.wall());
    }
  }

  #end(lease: L, isReclaimed: boolean): void {
    this.#hold(lease, -1);
    if (!isReclaimed) return;
    const { reclaimed, reclaimedDeclined } = this.#parts.countersOf(lease);
    const now = this.#parts.wall();
    reclaimed.add(1, now);
    if (lease.state === LeaseState.declined) reclaimedDeclined?.add(1, now);
  }

  #hold(lease: CountedLease, count: number): void {
    const { assigned, declined } = this.#parts.countersOf(lease);
    const now = this.#parts.wall();
    assigned.add(count, now);
    if (lease.state === LeaseState.declined) declined?.add(count, now);
  }
}

function isRegistered({ state }: Pick<Lease, "state">): boolean {
  return state === LeaseState.registered;
}

function isHeld({ state }: Pick<Lease, "state">): boolean {
  return isUsed({ state }) || state === LeaseState.declined;
}
