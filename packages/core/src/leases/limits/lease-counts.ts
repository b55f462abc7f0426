/** How many leases in use each limit counts. */
import type { GivenLeases, LeaseLimit, NewLease } from "../model/lease-limit.ts";
import { type CountedLease, LeaseLimits } from "./lease-limits.ts";

export class LeaseCounts {
  readonly limits: LeaseLimits;
  readonly #counts = new Map<LeaseLimit, number>();

  constructor(limits: LeaseLimits = LeaseLimits.none) {
    this.limits = limits;
  }

  of(limit: LeaseLimit): number {
    return this.#counts.get(limit) ?? 0;
  }

  /** @param delta 1 for a lease that is there from now on, -1 for one that is not any more */
  count(lease: CountedLease, delta: 1 | -1): void {
    for (const limit of this.limits.of(lease)) this.#counts.set(limit, this.of(limit) + delta);
  }

  reached(
    lease: NewLease,
    ended: readonly CountedLease[],
    others: readonly GivenLeases[] = [],
  ): LeaseLimit | undefined {
    return this.limits.reached(lease, ended, others, (limit) => this.of(limit));
  }
}
