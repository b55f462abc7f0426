/** Leases by a key of the client, hardware address or client id; a client may have many. */
import { hashBytes } from "./keyed-hash.ts";
import { type LeaseRows, NO_SLOT } from "./lease-rows.ts";
import { SlotIndex } from "./slot-index.ts";

/**
 * The index holds one row for each client, the others hang on it in a list: a client that takes thousands of leases
 * slows down nobody's look-ups but its own. Empty keys are not indexed: they name nobody, and thousands share them.
 */
export class ClientIndex {
  readonly #index: SlotIndex<Uint8Array>;
  readonly #rows: LeaseRows;
  readonly #next: number;
  readonly #previous: number;

  /**
   * @param links the first of two neighbouring fields that belong to this index
   * @param hasKey whether the row at `slot` has this key
   */
  constructor(rows: LeaseRows, links: number, hasKey: (slot: number, key: Uint8Array) => boolean) {
    this.#index = new SlotIndex(hasKey);
    this.#rows = rows;
    this.#next = links;
    this.#previous = links + 1;
  }

  /** The row of the client that was added last. */
  first(key: Uint8Array): number {
    return key.length === 0 ? NO_SLOT : this.#index.find(key, hashBytes(key));
  }

  /** The next row of the same client. */
  next(slot: number): number {
    return this.#rows.get(slot, this.#next);
  }

  add(slot: number, key: Uint8Array): void {
    if (key.length === 0) return;
    const hash = hashBytes(key);
    const first = this.#index.find(key, hash);
    this.#rows.set(slot, this.#next, first);
    this.#rows.set(slot, this.#previous, NO_SLOT);
    if (first === NO_SLOT) {
      this.#index.add(slot, hash);
    } else {
      this.#rows.set(first, this.#previous, slot);
      this.#index.replace(first, slot, hash);
    }
  }

  remove(slot: number, key: Uint8Array): void {
    if (key.length === 0) return;
    const next = this.#rows.get(slot, this.#next);
    const previous = this.#rows.get(slot, this.#previous);
    if (next !== NO_SLOT) this.#rows.set(next, this.#previous, previous);
    if (previous !== NO_SLOT) this.#rows.set(previous, this.#next, next);
    else if (next !== NO_SLOT) this.#index.replace(slot, next, hashBytes(key));
    else this.#index.remove(slot, hashBytes(key));
  }
}
