/** What changes give to clients and limits count: which limits these are, and what is too much. */
import { LeaseLimits } from "../../limits/lease-limits.ts";
import type { Lease } from "../../model/lease.ts";
import type { LeaseLimit } from "../../model/lease-limit.ts";
import type { Change } from "../lease-database.ts";

export class LimitedGifts<L extends Lease> {
  /** Whether the changes make limits count other numbers of leases. */
  readonly areCounted: boolean;
  /** Those that may be exceeded. */
  readonly limits: readonly LeaseLimit[];
  readonly #changes: readonly Change<L>[];
  /** By the indexes of the changes: the limits by which one lease more is counted then. */
  readonly #more = new Map<number, readonly LeaseLimit[]>();

  constructor(changes: readonly Change<L>[], limits = LeaseLimits.none) {
    this.#changes = changes;
    const of = (lease: L | undefined) => (lease === undefined ? [] : limits.of(lease));
    let areCounted = false;
    for (const [index, { before, after, claim, replaces }] of limits.isEmpty ? [] : changes.entries()) {
      const [less, all] = [of(before), of(after)];
      areCounted ||= less.length !== all.length || less.some((limit) => !all.includes(limit));
      // Who keeps what it has is given nothing.
      if (claim === undefined) continue;
      const more = all.filter((limit) => !less.includes(limit) && !of(replaces).includes(limit));
      if (more.length > 0) this.#more.set(index, more);
    }
    this.areCounted = areCounted;
    this.limits = [...new Set([...this.#more.values()].flat())];
  }

  /**
   * The indexes of changes that must not be made, with those that take away what was to be replaced.
   * @param inUse how many leases each of `limits` counts before the changes
   */
  excess(inUse: ReadonlyMap<LeaseLimit, number>): ReadonlySet<number> {
    const room = new Map(this.limits.map((limit) => [limit, limit.most - (inUse.get(limit) ?? 0)]));
    const excess = new Set<number>();
    for (const [index, more] of this.#more) {
      if (more.every((limit) => room.get(limit)! > 0)) {
        for (const limit of more) room.set(limit, room.get(limit)! - 1);
        continue;
      }
      excess.add(index);
    }
    const refused = new Set([...excess].map((index) => this.#changes[index]!.after));
    for (const [index, { replacement }] of this.#changes.entries()) {
      if (replacement !== undefined && refused.has(replacement)) excess.add(index);
    }
    return excess;
  }
}
