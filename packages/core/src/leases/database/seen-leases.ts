/** What a batch has seen of the leases in the database: by its loads, in the stocks of pools, or when an offer was made. */
import type { Seconds } from "../../base/clock.ts";
import { expiryOf, type Lease } from "../model/lease.ts";
import type { LeaseLimit } from "../model/lease-limit.ts";
import type { Loaded } from "./lease-database.ts";
import type { Plan } from "./load-plan.ts";
import type { KnownClient } from "./offers.ts";
import type { SharedPool } from "./pool/shared-pool.ts";
import { Recollection } from "./recollection.ts";
import type { SharedOwner } from "./shared-owner.ts";

export class SeenLeases<L extends Lease, Key, Range> {
  readonly recollection: Recollection<L, Key, Range>;
  readonly #owner: Pick<SharedOwner<L, Key, Range>, "family" | "stampOf">;
  /** `undefined` where the database had nothing. */
  readonly #loaded = new Map<Key, L | undefined>();
  readonly #clients = new Map<string, KnownClient<L>>();
  /** Names of ranges whose crossings are known; and the leases that were found for all of them. */
  readonly #crossedRanges = new Set<string>();
  readonly #crossing = new Map<Key, L>();
  readonly #counts = new Map<LeaseLimit, number>();
  /** The pools that have given keys out of their stocks. */
  readonly #givers = new Map<Key, SharedPool<L, Key, Range>>();

  constructor(owner: Pick<SharedOwner<L, Key, Range>, "family" | "offers" | "stampOf">, now: Seconds) {
    this.#owner = owner;
    this.recollection = new Recollection(owner.family, owner.offers, owner.stampOf, now);
  }

  /** Takes in what a load has brought. */
  add(
    { keys, identifiers, crossings }: Pick<Plan<L, Key, Range>, "keys" | "identifiers" | "crossings">,
    loaded: Loaded<L>,
  ): void {
    const { keyOf, identifiersOf } = this.#owner.family;
    for (const key of keys) this.#loaded.set(key, undefined);
    const found = new Map(loaded.leases.map((lease) => [keyOf(lease), lease]));
    for (const [key, lease] of found) this.#loaded.set(key, lease);
    for (const name of crossings.keys()) this.#crossedRanges.add(name);
    for (const [limit, count] of loaded.counts) this.#counts.set(limit, count);
    for (const lease of loaded.crossed) this.#crossing.set(keyOf(lease), lease);
    // Only of those who were asked for: with loads of other batches come others, and perhaps not all that they have.
    const leases = new Map([...identifiers].map((identifier): [string, L[]] => [identifier, []]));
    for (const lease of found.values())
      for (const identifier of identifiersOf(lease)) leases.get(identifier)?.push(lease);
    for (const [identifier, theirs] of leases) {
      theirs.sort((a, b) => expiryOf(b) - expiryOf(a));
      this.#clients.set(identifier, { leases: theirs, stamp: loaded.claims.get(identifier) });
      this.recollection.forget(identifier);
    }
  }

  /** A lease that was read without having been missed. */
  addLease(lease: L): void {
    this.#loaded.set(this.#owner.family.keyOf(lease), lease);
  }

  at(key: Key): L | undefined | "unknown" {
    if (this.#loaded.has(key)) return this.#loaded.get(key);
    const giver = this.#givers.get(key);
    return giver === undefined ? this.recollection.seenAt(key) : giver.leaseAt(key);
  }

  loadedAt(key: Key): L | undefined {
    return this.#loaded.get(key);
  }

  loadedClient(identifier: string): KnownClient<L> | undefined {
    return this.#clients.get(identifier);
  }

  /** `undefined` where they are not known. */
  leasesOf(identifier: string): readonly L[] | undefined {
    return (this.#clients.get(identifier) ?? this.recollection.client(identifier))?.leases;
  }

  /** Whether a client's leases are known. */
  knows(identifier: string): boolean {
    return this.#clients.has(identifier) || this.recollection.has(identifier);
  }

  /** The stamp of what a client claims, by all that is known. */
  stampOf(identifier: string): number | undefined {
    if (this.recollection.has(identifier)) return this.recollection.stampOf(identifier);
    return this.#owner.stampOf(identifier) ?? this.#clients.get(identifier)?.stamp;
  }

  /** Leases that cross a range, and perhaps others that cross another one; `undefined` where nobody has looked. */
  crossing(name: string): Iterable<L> | undefined {
    return this.#crossedRanges.has(name) ? this.#crossing.values() : undefined;
  }

  /** How many leases a limit counts; `undefined` where nobody has looked. */
  countOf(limit: LeaseLimit): number | undefined {
    return this.#counts.get(limit);
  }

  /** The pool that the key comes from. */
  giverOf(key: Key): SharedPool<L, Key, Range> | undefined {
    return this.#givers.get(key);
  }

  setGiver(key: Key, pool: SharedPool<L, Key, Range>): void {
    this.#givers.set(key, pool);
  }
}
