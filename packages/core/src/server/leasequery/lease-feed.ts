/** Changes of leases for those who want to be told at once (RFC 7724, RFC 7653), and those that leave nothing in the store. */
import type { Seconds } from "../../base/clock.ts";
import { type Lease, LeaseState } from "../../leases/model/lease.ts";
import type { LeaseWatcher } from "../../leases/model/lease-store.ts";

interface Gone<L> {
  readonly lease: L;
  readonly at: Seconds;
}

/** So old may a change be that comes: clocks of two servers differ, and a disk or a partner takes its time. */
const LATE: Seconds = 5;

/** Told of a lease as it is now; of one that is gone as of one that is reclaimed. */
export type FeedListener<L> = (lease: L) => void;

export class LeaseFeed<L extends Lease> implements LeaseWatcher<L> {
  readonly #keyOf: (lease: L) => number | string;
  readonly #now: () => Seconds;
  readonly #listeners = new Set<FeedListener<L>>();
  readonly #gone = new Map<number | string, Gone<L>>();
  /** So many are remembered that are gone; `undefined` while nobody is told anything. */
  #most: number | undefined;
  #completeSince: Seconds = Number.POSITIVE_INFINITY;

  constructor(keyOf: (lease: L) => number | string, now: () => Seconds) {
    this.#keyOf = keyOf;
    this.#now = now;
  }

  /** @param most that are remembered when they are gone; `undefined` to tell nothing */
  switch(most: number | undefined): void {
    const wasOn = this.#most !== undefined;
    this.#most = most;
    if (wasOn && most !== undefined) this.#forget(most);
    else if (wasOn || most !== undefined) {
      this.#gone.clear();
      this.#completeSince = most === undefined ? Number.POSITIVE_INFINITY : this.#now();
    }
  }

  /** All changes after this time are in the store, or known here. */
  get completeSince(): Seconds {
    return this.#completeSince;
  }

  /** Those that are gone, as reclaimed ones. */
  goneSince(time: Seconds): readonly L[] {
    return [...this.#gone.values()].filter(({ at }) => at >= time).map(({ lease }) => lease);
  }

  /** @returns what ends it */
  listen(listener: FeedListener<L>): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  put(lease: L, before?: L): void {
    if (this.#most === undefined) return;
    const now = this.#now();
    // Fetched from a partner, it belongs to a time of which somebody may have been told everything.
    if (lease.cltt < now - LATE && lease.cltt !== before?.cltt) this.#completeSince = now;
    if (this.#gone.size > 0) this.#gone.delete(this.#keyOf(lease));
    for (const listener of this.#listeners) listener(lease);
  }

  discard(lease: L): void {
    if (this.#most === undefined) return;
    const at = this.#now();
    // A lease that was reclaimed before has been told so.
    const gone: L =
      lease.state === LeaseState.reclaimed ? lease : { ...lease, state: LeaseState.reclaimed, validLifetime: 0 };
    this.#gone.set(this.#keyOf(lease), { lease: gone, at });
    this.#forget(this.#most);
    for (const listener of this.#listeners) listener(gone);
  }

  /** The oldest of those that are too many. */
  #forget(most: number): void {
    for (const [key, { at }] of this.#gone) {
      if (this.#gone.size <= most) return;
      this.#gone.delete(key);
      this.#completeSince = Math.max(this.#completeSince, at);
    }
  }
}
