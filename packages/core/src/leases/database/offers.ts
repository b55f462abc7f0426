/**
 * Leases on offer to somebody: in memory only, each with the pool that it was found in, and with what was known when it
 * was offered: the client who takes it at once need not be looked up again.
 */
import type { Seconds } from "../../base/clock.ts";
import { TransitMap } from "../../base/transit-map.ts";
import { IndexedLeases } from "./indexed-leases.ts";
import type { SharedPool } from "./pool/shared-pool.ts";

/** How long what was known is good enough to be tried: who takes an offer does so at once. */
const FRESH: Seconds = 4;

/** What the database had of a client. */
export interface KnownClient<L> {
  readonly leases: readonly L[];
  /** Of what it claims. */
  readonly stamp: number | undefined;
}

/** What the database had when something was offered to a client. */
export interface Sighting<L> {
  readonly at: Seconds;
  /** At the same key. */
  readonly before: L | undefined;
  /** By each of the client's identifiers. */
  readonly clients: ReadonlyMap<string, KnownClient<L>>;
}

interface Source<L, Key, Range> {
  /** Unless the client has asked for it by itself. */
  readonly giver: SharedPool<L, Key, Range> | undefined;
  readonly sighting: Sighting<L> | undefined;
}

export class Offers<L, Key, Range> extends IndexedLeases<L, Key> {
  readonly #sources = new TransitMap<Key, Source<L, Key, Range>>();

  giverOf(key: Key): SharedPool<L, Key, Range> | undefined {
    return this.#sources.get(key)?.giver;
  }

  sightingAt(key: Key, now: Seconds): Sighting<L> | undefined {
    const sighting = this.#sources.get(key)?.sighting;
    return sighting !== undefined && now <= sighting.at + FRESH ? sighting : undefined;
  }

  offer(key: Key, lease: L, source: Source<L, Key, Range>): void {
    this.put(lease);
    source.giver?.drop(key);
    this.#sources.set(key, source);
  }

  override delete(key: Key): void {
    super.delete(key);
    this.#sources.delete(key);
  }
}
