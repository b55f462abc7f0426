/** Places where the DNS may differ from the leases, as far as there is room to remember them. */
import { TransitMap } from "../base/transit-map.ts";
import type { Lease } from "../leases/model/lease.ts";
import { keyOfRemoval, type OwedRemoval, owedRemovals, owesRemovals } from "../leases/user-context/owed-removals.ts";
import type { Place } from "./named-family.ts";

export interface Due<L> {
  readonly place: Place;
  /** As it is on disk. */
  lease: L;
  /** Its name, if that is to be told beside what it owes. */
  added: string | undefined;
  /** The lease whose name is being told. */
  adding: L | undefined;
  /** What is being removed, by `keyOfRemoval`. */
  removing: readonly string[];
}

/** A request that is on its way. */
export interface Flight<L> {
  readonly due: Due<L>;
  readonly lease: L;
  /** `undefined` for a name that is added. */
  readonly removal: OwedRemoval | undefined;
  readonly fqdn: string;
  /** The name, whatever its case. */
  readonly name: string;
}

/** Whether something is to be removed that is not being removed yet. */
export function owesUnsent<L extends Lease>({ lease, removing }: Due<L>): boolean {
  return owedRemovals(lease.userContext).removals.some((removal) => !removing.includes(keyOfRemoval(removal)));
}

/** In the order in which they came. */
export class DueNames<L extends Lease> {
  /** How many there is room for. */
  limit = 0;
  readonly #due = new TransitMap<Place, Due<L>>();

  get isFull(): boolean {
    return this.#due.size >= this.limit;
  }

  get size(): number {
    return this.#due.size;
  }

  get(place: Place): Due<L> | undefined {
    return this.#due.get(place);
  }

  /** There must be room for a place that is not in it. */
  note(place: Place, lease: L, added: string | undefined): void {
    const due = this.#due.get(place);
    if (due === undefined) {
      this.#due.set(place, { place, lease, added, adding: undefined, removing: [] });
      return;
    }
    due.lease = lease;
    due.added = added;
    this.settle(due);
  }

  /** Forgets a place at which nothing is due any more. */
  settle(due: Due<L>): void {
    const isBusy = due.adding !== undefined || due.removing.length > 0;
    if (isBusy || due.added !== undefined || this.#due.get(due.place) !== due) return;
    if (!owesRemovals(due.lease.userContext)) this.#due.delete(due.place);
  }

  drop(place: Place): void {
    this.#due.delete(place);
  }

  clear(): void {
    this.#due.clear();
  }

  [Symbol.iterator](): IterableIterator<Due<L>> {
    return this.#due.values();
  }
}
