/** Leases in memory, most of them for milliseconds, that are found by their keys and by their clients' identifiers. */
import { TransitMap } from "../../base/transit-map.ts";
import type { SharedFamily } from "./shared-family.ts";

export class IndexedLeases<L, Key> {
  readonly #family: Pick<SharedFamily<L, Key>, "keyOf" | "identifiersOf">;
  readonly #leases = new TransitMap<Key, L>();
  /** Of most identifiers there is one lease: a map for each would cost more than all else here. */
  readonly #byIdentifier = new TransitMap<string, L | Map<Key, L>>();

  constructor(family: Pick<SharedFamily<L, Key>, "keyOf" | "identifiersOf">) {
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
  ofClient(identifier: string): Iterable<L> {
    const found = this.#byIdentifier.get(identifier);
    if (found === undefined) return [];
    return found instanceof Map ? found.values() : [found];
  }

  put(lease: L): void {
    const { keyOf, identifiersOf } = this.#family;
    const key = keyOf(lease);
    this.delete(key);
    this.#leases.set(key, lease);
    for (const identifier of identifiersOf(lease)) {
      const found = this.#byIdentifier.get(identifier);
      if (found === undefined) this.#byIdentifier.set(identifier, lease);
      else if (found instanceof Map) found.set(key, lease);
      else this.#byIdentifier.set(identifier, new Map([found, lease].map((each) => [keyOf(each), each])));
    }
  }

  delete(key: Key): void {
    const lease = this.#leases.get(key);
    if (lease === undefined) return;
    this.#leases.delete(key);
    for (const identifier of this.#family.identifiersOf(lease)) {
      const found = this.#byIdentifier.get(identifier);
      if (found instanceof Map && found.size > 1) found.delete(key);
      else this.#byIdentifier.delete(identifier);
    }
  }
}
