/** Leases on offer to somebody: in memory only, each with the pool that it was found in. */
import { NamedLeases } from "./named-leases.ts";
import type { SharedPool } from "./shared-pool.ts";

export class Offers<L, Key, Range> extends NamedLeases<L, Key> {
  readonly #givers = new Map<Key, SharedPool<L, Key, Range>>();

  giverOf(key: Key): SharedPool<L, Key, Range> | undefined {
    return this.#givers.get(key);
  }

  /** @param giver unless the client has asked for the place by itself */
  offer(key: Key, lease: L, giver: SharedPool<L, Key, Range> | undefined): void {
    this.put(lease);
    giver?.drop(key);
    if (giver !== undefined) this.#givers.set(key, giver);
  }

  override delete(key: Key): void {
    super.delete(key);
    this.#givers.delete(key);
  }
}
