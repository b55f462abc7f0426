/** Leases in memory that are found by their place and by their clients' names. */
import type { SharedFamily } from "./shared-family.ts";

export class NamedLeases<L, Key> {
  readonly #family: Pick<SharedFamily<L, Key>, "keyOf" | "namesOf">;
  readonly #leases = new Map<Key, L>();
  readonly #byName = new Map<string, Map<Key, L>>();

  constructor(family: Pick<SharedFamily<L, Key>, "keyOf" | "namesOf">) {
    this.#family = family;
  }

  get size(): number {
    return this.#leases.size;
  }

  get(key: Key): L | undefined {
    return this.#leases.get(key);
  }

  /** The one put last comes last. */
  values(): IterableIterator<L> {
    return this.#leases.values();
  }

  /** In the order in which they were put. */
  named(name: string): Iterable<L> {
    return this.#byName.get(name)?.values() ?? [];
  }

  put(lease: L): void {
    const key = this.#family.keyOf(lease);
    this.delete(key);
    this.#leases.set(key, lease);
    for (const name of this.#family.namesOf(lease)) {
      const leases = this.#byName.get(name);
      if (leases === undefined) this.#byName.set(name, new Map([[key, lease]]));
      else leases.set(key, lease);
    }
  }

  delete(key: Key): void {
    const lease = this.#leases.get(key);
    if (lease === undefined) return;
    this.#leases.delete(key);
    for (const name of this.#family.namesOf(lease)) {
      const leases = this.#byName.get(name);
      leases?.delete(key);
      if (leases?.size === 0) this.#byName.delete(name);
    }
  }
}
