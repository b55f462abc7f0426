/** Changes of leases for those who want to be told at once (RFC 7724, RFC 7653), and those that leave nothing in the store. */
import type { Seconds } from "../../base/clock.ts";
import { type Lease, LeaseState } from "../../leases/model/lease.ts";
import type { LeaseWatcher } from "../../leases/model/lease-store.ts";

/** So many leases that are gone are remembered. */
const MOST_GONE = 10_000;

interface Gone<L> {
  readonly lease: L;
  readonly at: Seconds;
}

/** Told of a lease as it is now; of one that is gone as of one that is reclaimed. */
export type FeedListener<L> = (lease: L) => void;

export class LeaseFeed<L extends Lease> implements LeaseWatcher<L> {
  readonly #keyOf: (lease: L) => number | string;
  readonly #now: () => Seconds;
  readonly #listeners = new Set<FeedListener<L>>();
  readonly #gone = new Map<number | string, Gone<L>>();
  #isOn = false;
  #completeSince: Seconds = Number.POSITIVE_INFINITY;

  constructor(keyOf: (lease: L) => number | string, now: () => Seconds) {
    this.#keyOf = keyOf;
    this.#now = now;
  }

  switch(isOn: boolean): void {
    if (isOn === this.#isOn) return;
    this.#isOn = isOn;
    this.#gone.clear();
    this.#completeSince = isOn ? this.#now() : Number.POSITIVE_INFINITY;
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

  put(lease: L): void {
    if (!this.#isOn) return;
    if (this.#gone.size > 0) this.#gone.delete(this.#keyOf(lease));
    for (const listener of this.#listeners) listener(lease);
  }

  discard(lease: L): void {
    if (!this.#isOn) return;
    const at = this.#now();
    // A lease that was reclaimed before has been told so.
    const gone: L =
      lease.state === LeaseState.reclaimed ? lease : { ...lease, state: LeaseState.reclaimed, validLifetime: 0 };
    this.#remember(this.#keyOf(lease), { lease: gone, at });
    for (const listener of this.#listeners) listener(gone);
  }

  #remember(key: number | string, gone: Gone<L>): void {
    this.#gone.set(key, gone);
    if (this.#gone.size <= MOST_GONE) return;
    const [oldest] = this.#gone;
    this.#gone.delete(oldest![0]);
    this.#completeSince = Math.max(this.#completeSince, oldest![1].at);
  }
}
