/** Leases in memory, most of them for milliseconds, that are found by their keys and by their clients' names. */
import { TransitMap } from "../../base/transit-map.ts";
import type { SharedFamily } from "./shared-family.ts";

export class NamedLeases<L, Key> {
  readonly #family: Pick<SharedFamily<L, Key>, "keyOf" | "namesOf">;
  readonly #leases = new TransitMap<Key, L>();
  /** Of most names there is one lease: a map for each would cost more than all else here. */
  readonly #byName = new TransitMap<string, L | Map<Key, L>>();

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
    const found = this.#byName.get(name);
    if (found === undefined) return [];
    return found instanceof Map ? found.values() : [found];
  }

  put(lease: L): void {
    const { keyOf, namesOf } = this.#family;
    const key = keyOf(lease);
    this.delete(key);
    this.#leases.set(key, lease);
    for (const name of namesOf(lease)) {
      const found = this.#byName.get(name);
      if (found === undefined) this.#byName.set(name, lease);
      else if (found instanceof Map) found.set(key, lease);
      else this.#byName.set(name, new Map([found, lease].map((each) => [keyOf(each), each])));
    }
  }

  delete(key: Key): void {
    const lease = this.#leases.get(key);
    if (lease === undefined) return;
    this.#leases.delete(key);
    for (const name of this.#family.namesOf(lease)) {
      const found = this.#byName.get(name);
      if (found instanceof Map && found.size > 1) found.delete(key);
      else this.#byName.delete(name);
    }
  }
}
