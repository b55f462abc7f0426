/** One batch of packets' view of leases that are in a database, and its changes to them. */
import type { Seconds } from "../../base/clock.ts";
import { expiryOf, type Lease, LeaseState } from "../model/lease.ts";
import { CLIENT_LEASES, type CommitResult } from "../model/lease-store.ts";
import type { Claim, Loaded, NewClaim } from "./lease-database.ts";
import { Misses } from "./misses.ts";
import { NamedLeases } from "./named-leases.ts";
import type { KnownClient, Sighting } from "./offers.ts";
import { changesOf, type Own, type OwnChange } from "./own-changes.ts";
import { Recollection } from "./recollection.ts";
import type { SharedOwner } from "./shared-owner.ts";
import type { SharedPool } from "./shared-pool.ts";

const NOTHING_LOADED: Loaded<never> = { leases: [], claims: new Map(), crossed: [] };

export abstract class SharedBatch<L extends Lease, Key, Range> {
  size = 0;
  readonly #owner: SharedOwner<L, Key, Range>;
  /** For all of the batch, as for who decides with it: what it gives is held until it is over, however long a load takes. */
  readonly #now: Seconds;
  readonly #own = new Map<Key, Own<L>>();
  readonly #ownLeases: NamedLeases<L, Key>;
  /** What the database had: `undefined` where it had nothing. */
  readonly #loaded = new Map<Key, L | undefined>();
  readonly #loadedNames = new Map<string, L[]>();
  /** Stamps by clients' names. */
  readonly #claims = new Map<string, number>();
  readonly #recollection: Recollection<L, Key, Range>;
  /** The stamps that were known, by the names of those who claim, when something was first given to them. */
  readonly #seenStamps = new Map<string, number | undefined>();
  /** Where a place in one of the pools' stocks comes from. */
  readonly #found = new Map<Key, SharedPool<L, Key, Range>>();
  readonly #misses = new Misses<L, Key, Range>();
  /** Ranges, by their names, whose crossings are known; and these. */
  readonly #knownCrossings = new Set<string>();
  readonly #crossed = new Map<Key, L>();
  readonly #usedPools = new Set<SharedPool<L, Key, Range>>();
  /** What `relyOn` was told, where it is a change of another batch that is on its way. */
  readonly #relied: { readonly number: number; readonly outcome: Promise<CommitResult> }[] = [];
  /** What has become of the changes in the database. */
  #outcome: Promise<CommitResult> | undefined;

  constructor(owner: SharedOwner<L, Key, Range>) {
    this.#owner = owner;
    this.#now = owner.now();
    this.#recollection = new Recollection(owner.family, owner.offers, owner.stampOf, this.#now);
    this.#ownLeases = new NamedLeases(owner.family);
  }

  get missed(): number {
    return this.#misses.count;
  }

  get recalled(): number {
    return this.#recollection.count;
  }

  set mayRecall(isAllowed: boolean) {
    this.#recollection.isAllowed = isAllowed;
  }

  async load(): Promise<void> {
    const { family, load, search } = this.#owner;
    const { keys, names, pools, crossings } = this.#misses.take();
    const searches: Promise<void>[] = [];
    const asked = new Map<SharedPool<L, Key, Range>, readonly Key[]>();
    const looked = [...keys];
    for (const pool of this.#usedPools) if (pool.isLow) pools.set(pool, undefined);
    for (const [pool, start] of pools) {
      if (pool.isSparse) asked.set(pool, pool.ask(start));
      else searches.push(search(pool, (key) => this.#isBusy(key)));
    }
    for (const block of asked.values()) for (const key of block) keys.add(key);
    for (const name of crossings.keys()) this.#knownCrossings.add(name);
    const isNeeded = keys.size + names.size + crossings.size > 0;
    const loading = isNeeded ? load({ keys, names, crossings: [...crossings.values()] }) : NOTHING_LOADED;
    const [{ leases, claims, crossed }] = await Promise.all([loading, ...searches]);
    for (const lease of crossed) this.#crossed.set(family.keyOf(lease), lease);
    const found = new Map(leases.map((lease) => [family.keyOf(lease), lease]));
    for (const key of looked) this.#loaded.set(key, found.get(key));
    for (const [key, lease] of found) this.#loaded.set(key, lease);
    for (const [key, lease] of found) if (this.#isHeld(lease)) this.#withdrawOffer(key);
    for (const name of names) {
      this.#loadedNames.set(name, []);
      this.#recollection.forget(name);
      // Not what came with loads of other batches: a stamp belongs to the leases that were seen with it.
      const stamp = claims.get(name);
      if (stamp !== undefined) this.#claims.set(name, stamp);
    }
    for (const lease of found.values()) {
      for (const name of family.namesOf(lease)) if (names.has(name)) this.#loadedNames.get(name)!.push(lease);
    }
    for (const name of names) this.#loadedNames.get(name)!.sort((a, b) => expiryOf(b) - expiryOf(a));
    const isFree = (key: Key) => !found.has(key) && !this.#isBusy(key);
    for (const [pool, block] of asked) pool.take(block, isFree, Math.random());
  }

  async expired(now: Seconds, limit: number): Promise<readonly L[]> {
    return this.#keep(await this.#owner.read((database) => database.expired(now, limit)));
  }

  async forgettable(now: Seconds, holdReclaimed: Seconds, limit: number): Promise<readonly L[]> {
    return this.#keep(await this.#owner.read((database) => database.forgettable(now, holdReclaimed, limit)));
  }

  #keep(leases: readonly L[]): readonly L[] {
    for (const lease of leases) this.#loaded.set(this.#owner.family.keyOf(lease), lease);
    return leases;
  }

  /** What is being changed already is left to those who do. */
  stillHolds(found: L): boolean {
    return this.#owner.changeAt(this.#owner.family.keyOf(found)) === undefined;
  }

  /** @throws RangeError when the lease is one of nobody (CVE-2019-6474) */
  put(lease: L): void {
    const { family, offers } = this.#owner;
    const wrong = family.rules.check(lease);
    if (wrong !== undefined) throw new RangeError(`no lease to be kept: it ${wrong}`);
    const kept = family.rules.keep(lease);
    const key = family.keyOf(lease);
    if (lease.state === LeaseState.offered) {
      this.size++;
      const giver = this.#found.get(key) ?? offers.giverOf(key);
      offers.offer(key, kept, { giver, sighting: this.#sight(key, kept) });
      return;
    }
    this.#change(key, kept);
  }

  discard(lease: L): void {
    this.removeAt(this.#owner.family.keyOf(lease));
  }

  protected removeAt(key: Key): void {
    // A client that asks for another place than it was offered: nobody need know what is below the offer.
    if (this.#offerAt(key) !== undefined || this.#baseAt(key) === undefined) {
      this.#owner.offers.delete(key);
      return;
    }
    this.#change(key, undefined);
  }

  #change(key: Key, wanted: L | undefined): void {
    const number = this.size;
    const base = this.#baseAt(key);
    const after = this.#owner.succession(base, wanted);
    const given = this.#givenBy(base, after);
    if (given !== undefined && !this.#seenStamps.has(given.name)) {
      this.#seenStamps.set(given.name, this.#stampOf(given.name));
    }
    if (after === undefined) this.#ownLeases.delete(key);
    else this.#ownLeases.put(after);
    const own = this.#own.get(key);
    if (own === undefined) this.#own.set(key, { before: base, after, given, numbers: [number] });
    else {
      own.after = after;
      own.given = this.#givenBy(own.before, after);
      own.numbers.push(number);
    }
    this.size++;
    const giver = this.#owner.offers.giverOf(key);
    if (giver !== undefined) this.#found.set(key, giver);
    this.#owner.offers.delete(key);
  }

  /** Another server was quicker. */
  #withdrawOffer(key: Key): void {
    this.#owner.offers.giverOf(key)?.scatter(key, Math.random());
    this.#owner.offers.delete(key);
  }

  relyOn(lease: L): void {
    const key = this.#owner.family.keyOf(lease);
    const own = this.#own.get(key);
    const change = this.#owner.changeAt(key);
    if (own !== undefined) own.numbers.push(this.size);
    else if (change !== undefined) this.#relied.push({ number: this.size, outcome: change.batch.#outcome! });
    this.size++;
  }

  commit(): Promise<CommitResult> {
    if (this.#outcome !== undefined) throw new Error("a batch is committed once");
    this.#outcome = this.#own.size > 0 ? this.#owner.submit(this) : Promise.resolve({ kind: "durable" });
    return this.#relied.length === 0 ? this.#outcome : this.#withRelied(this.#outcome);
  }

  async #withRelied(own: Promise<CommitResult>): Promise<CommitResult> {
    const result = await own;
    if (result.kind === "failed") return result;
    const taken = new Set(result.kind === "taken" ? result.changes : []);
    for (const { number, outcome } of this.#relied) if ((await outcome).kind !== "durable") taken.add(number);
    return taken.size === 0 ? { kind: "durable" } : { kind: "taken", changes: taken };
  }

  /** Nothing has left the batch yet but offers, which nobody counts on. */
  abandon(): void {
    this.#outcome ??= Promise.resolve({ kind: "failed", error: new Error("the batch was given up") });
  }

  /** What is to be changed in the database, and the numbers of the changes that are one there. */
  changes(): IterableIterator<OwnChange<L, Key>> {
    return changesOf(this.#own, this.#owner.family.claimOf, (given) => this.#makeClaim(given));
  }

  /** What a client claims with a change: nothing where it keeps what it has. A client that nobody has looked up cannot. */
  #givenBy(before: L | undefined, after: L | undefined): Claim | undefined {
    const { family } = this.#owner;
    const given = after?.state === LeaseState.assigned ? family.claimOf(after) : undefined;
    if (given === undefined || !this.#isKnown(given.name)) return undefined;
    const wasLive = before?.state === LeaseState.assigned && expiryOf(before) > this.#now;
    return wasLive && family.claimOf(before)?.name === given.name ? undefined : given;
  }

  #makeClaim(given: Claim): NewClaim {
    const stamp = Math.floor(Math.random() * Number.MAX_SAFE_INTEGER);
    return { ...given, stamp, seen: this.#seenStamps.get(given.name) };
  }

  #isKnown(name: string): boolean {
    return this.#loadedNames.has(name) || this.#recollection.has(name);
  }

  /** The stamp of what a client claims, by all that is known. */
  #stampOf(name: string): number | undefined {
    if (this.#recollection.has(name)) return this.#recollection.stampOf(name);
    return this.#owner.stampOf(name) ?? this.#claims.get(name);
  }

  /** What an offer to a client is based on; nothing where something about it is on its way to the database. */
  #sight(key: Key, offer: L): Sighting<L> | undefined {
    const { family, changeAt, changesNamed, stampOf, now } = this.#owner;
    const clients = new Map<string, KnownClient<L>>();
    for (const name of family.namesOf(offer)) {
      const leases = this.#loadedNames.get(name);
      const [changed] = [...this.#ownLeases.named(name), ...changesNamed(name)];
      if (leases === undefined || changed !== undefined || stampOf(name) !== undefined) return undefined;
      clients.set(name, { leases, stamp: this.#claims.get(name) });
    }
    const before = this.#own.has(key) || changeAt(key) !== undefined ? "unknown" : this.#seenAt(key);
    return before === "unknown" ? undefined : { at: now(), before, clients };
  }

  /** The pool that gave the place goes elsewhere for the next. */
  scatter(key: Key): void {
    this.#found.get(key)?.scatter(key, Math.random());
  }

  protected lookUp(key: Key): L | undefined {
    const base = this.#lookBelow(key);
    return base === "unknown" ? undefined : (this.#offerAt(key) ?? base);
  }

  /** What is on offer in a place that nobody has: others' offers are seen at once, and what they have given when it is submitted. */
  #offerAt(key: Key): L | undefined {
    const offer = this.#owner.offers.get(key);
    if (offer === undefined) return undefined;
    const base = this.#seenAt(key);
    return base !== "unknown" && this.#isHeld(base) ? undefined : offer;
  }

  /** What is in a place below an offer; a miss where that is not known. */
  #lookBelow(key: Key): L | undefined | "unknown" {
    const base = this.#seenAt(key);
    if (base === "unknown") this.#misses.key(key);
    return base;
  }

  protected named(name: string): readonly L[] {
    const { family, offers } = this.#owner;
    const offered: L[] = [];
    for (const lease of offers.named(name)) {
      const key = family.keyOf(lease);
      // Who takes an offer changes its place.
      this.#lookBelow(key);
      if (this.#offerAt(key) !== undefined) offered.unshift(lease);
    }
    const loaded = this.#loadedNames.get(name) ?? this.#recollection.client(name)?.leases;
    if (loaded === undefined) {
      this.#misses.name(name);
      return [];
    }
    const own = [...this.#ownLeases.named(name)].reverse();
    const changed = [...this.#owner.changesNamed(name)]
      .reverse()
      .filter((lease) => !this.#own.has(family.keyOf(lease)));
    const stored = loaded.filter((lease) => {
      const key = family.keyOf(lease);
      return !this.#own.has(key) && this.#owner.changeAt(key) === undefined;
    });
    return [...own, ...changed, ...offered, ...stored].slice(0, CLIENT_LEASES);
  }

  protected availableIn(pool: SharedPool<L, Key, Range>, now: Seconds, start: number | undefined): Key | undefined {
    return this.candidatesIn(pool, now, start).next().value;
  }

  /** What `availableIn` gives, then what it would give if that were taken, and so on: each once. */
  protected *candidatesIn(
    pool: SharedPool<L, Key, Range>,
    now: Seconds,
    start: number | undefined,
  ): Generator<Key, undefined> {
    this.#usedPools.add(pool);
    for (const key of pool.stock((candidate) => this.#isBusy(candidate), start)) {
      this.#found.set(key, pool);
      yield key;
    }
    if (pool.isBeingSearched) return undefined;
    if (pool.mayHaveMore(now)) {
      this.#misses.pool(pool, start);
      return undefined;
    }
    for (const lease of this.#owner.offers.values()) {
      const offered = this.#owner.family.keyOf(lease);
      if (pool.includes(offered) && !this.#isBusyForAll(offered)) yield offered;
    }
    return undefined;
  }

  #isBusy(key: Key): boolean {
    return this.#owner.offers.get(key) !== undefined || this.#isBusyForAll(key);
  }

  #isBusyForAll(key: Key): boolean {
    const own = this.#own.get(key);
    if (own !== undefined) return this.#isHeld(own.after);
    const change = this.#owner.changeAt(key);
    return this.#isHeld(change === undefined ? this.#loaded.get(key) : change.lease);
  }

  #isHeld(lease: L | undefined): boolean {
    if (lease === undefined || lease.state === LeaseState.reclaimed) return false;
    return expiryOf(lease) > this.#now;
  }

  /**
   * Leases in use or on offer that cross the range.
   * @param name of the range, for what is known of it
   */
  protected crossing(name: string, range: Range, isCrossing: (lease: L) => boolean): readonly L[] {
    if (!this.#knownCrossings.has(name)) {
      this.#misses.crossing(name, range);
      return [];
    }
    const { family, offers } = this.#owner;
    const stored = [...this.#crossed].filter(([key]) => !this.#own.has(key) && this.#owner.changeAt(key) === undefined);
    return [
      ...stored.map(([, lease]) => lease),
      ...this.#owner.changes(),
      ...this.#ownLeases.values(),
      ...offers.values(),
    ].filter((lease) => {
      const key = family.keyOf(lease);
      return isCrossing(lease) && this.#isHeld(this.#own.get(key)?.after ?? lease);
    });
  }

  /** What is in a place, offers left out. */
  #seenAt(key: Key): L | undefined | "unknown" {
    const own = this.#own.get(key);
    if (own !== undefined) return own.after;
    const change = this.#owner.changeAt(key);
    if (change !== undefined) return change.lease;
    if (this.#loaded.has(key)) return this.#loaded.get(key);
    const pool = this.#found.get(key);
    if (pool !== undefined) return pool.leaseAt(key);
    return this.#recollection.seenAt(key);
  }

  #baseAt(key: Key): L | undefined {
    const base = this.#seenAt(key);
    if (base === "unknown") throw new Error("a lease is changed that nobody has looked up");
    return base;
  }
}
