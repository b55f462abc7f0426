/** Addresses where the DNS may differ from the leases, as far as there is room to remember them. */
import { TransitMap } from "../base/transit-map.ts";
import type { Lease } from "../leases/model/lease.ts";
import { keyOfRemoval, type OwedRemoval, owedRemovals, owesRemovals } from "../leases/user-context/owed-removals.ts";
import type { LeaseAddress } from "./named-family.ts";

export interface Due<L> {
  readonly address: LeaseAddress;
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
  readonly #due = new TransitMap<LeaseAddress, Due<L>>();

  get isFull(): boolean {
    return this.#due.size >= this.limit;
  }

  get size(): number {
    return this.#due.size;
  }

  get(address: LeaseAddress): Due<L> | undefined {
    return this.#due.get(address);
  }

  /** There must be room for an address that is not in it. */
  note(address: LeaseAddress, lease: L, added: string | undefined): void {
    const due = this.#due.get(address);
    if (due === undefined) {
      this.#due.set(address, { address, lease, added, adding: undefined, removing: [] });
      return;
    }
    due.lease = lease;
    due.added = added;
    this.settle(due);
  }

  /** Forgets an address at which nothing is due any more. */
  settle(due: Due<L>): void {
    const isBusy = due.adding !== undefined || due.removing.length > 0;
    if (isBusy || due.added !== undefined || this.#due.get(due.address) !== due) return;
    if (!owesRemovals(due.lease.userContext)) this.#due.delete(due.address);
  }

  drop(address: LeaseAddress): void {
    this.#due.delete(address);
  }

  clear(): void {
    this.#due.clear();
  }

  [Symbol.iterator](): IterableIterator<Due<L>> {
    return this.#due.values();
  }
}
