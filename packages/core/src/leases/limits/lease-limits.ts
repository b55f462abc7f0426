/** The limits on how many leases are in use that are in force together: which of them a lease counts for. */
import { type Lease, LeaseState } from "../model/lease.ts";
import type { GivenLeases, LeaseLimit, NewLease } from "../model/lease-limit.ts";
import { LeaseType6 } from "../model/lease6.ts";
import { clientClassesOf } from "../user-context/client-classes.ts";

/** What of a lease decides about whether it counts. */
export type CountedLease = Pick<Lease, "subnetId" | "state" | "userContext"> & {
  readonly type?: LeaseType6 | undefined;
};

const NONE: readonly LeaseLimit[] = [];

export class LeaseLimits {
  static readonly none = new LeaseLimits([]);
  readonly all: readonly LeaseLimit[];
  /** Whether leases are counted by classes. */
  readonly countsClasses: boolean;
  /** By what they are of. */
  readonly #limits = new Map<LeaseLimit["of"], readonly LeaseLimit[]>();

  constructor(all: readonly LeaseLimit[]) {
    this.all = all;
    this.countsClasses = all.some(({ of }) => typeof of === "string");
    for (const limit of all) this.#limits.set(limit.of, [...(this.#limits.get(limit.of) ?? NONE), limit]);
  }

  get isEmpty(): boolean {
    return this.all.length === 0;
  }

  /** Those that a lease counts for. As in Kea it counts until it is reclaimed, though its time may be over before. */
  of({ subnetId, state, type = LeaseType6.address, userContext }: CountedLease): readonly LeaseLimit[] {
    if (this.isEmpty || state !== LeaseState.assigned) return NONE;
    return this.#find({ subnetId, type, classes: this.countsClasses ? clientClassesOf(userContext) : [] });
  }

  /** As `LimitView.limitReached`. @param inUse how many leases a limit counts now */
  reached(
    lease: NewLease,
    ended: readonly CountedLease[],
    others: readonly GivenLeases[],
    inUse: (limit: LeaseLimit) => number,
  ): LeaseLimit | undefined {
    if (this.isEmpty) return undefined;
    const less = ended.flatMap((each) => this.of(each));
    const more = others.map(({ count, ...each }) => ({ count, limits: this.#find(each) }));
    const count = (limit: LeaseLimit) => {
      const given = more.reduce((sum, each) => (each.limits.includes(limit) ? sum + each.count : sum), 0);
      return inUse(limit) - timesIn(less, limit) + given;
    };
    // All of them are asked about, for where some have to be looked up.
    return this.#find(lease).filter((limit) => count(limit) >= limit.most)[0];
  }

  #find({ subnetId, type, classes }: Omit<NewLease, "classes"> & { classes: Iterable<string> }): readonly LeaseLimit[] {
    return [...classes, subnetId].flatMap((of) =>
      (this.#limits.get(of) ?? NONE).filter((limit) => limit.type === type),
    );
  }
}

function timesIn(limits: readonly LeaseLimit[], limit: LeaseLimit): number {
  return limits.filter((each) => each === limit).length;
}
