/**
 * Leases as a batch sees them: its own changes, then those of others that are under way, then what it has seen in the
 * database, and offers on top. What a look-up does not find in any of these is a miss, and planned to be loaded.
 */
import type { Seconds } from "../../base/clock.ts";
import { expiryOf, type Lease, LeaseState } from "../model/lease.ts";
import type { GivenLeases, LeaseLimit, NewLease } from "../model/lease-limit.ts";
import { CLIENT_LEASES } from "../model/lease-store.ts";
import type { OwnChanges } from "./changes/own-changes.ts";
import type { LoadPlan } from "./load-plan.ts";
import type { KnownClient, Sighting } from "./offers.ts";
import type { SharedPool } from "./pool/shared-pool.ts";
import type { SeenLeases } from "./seen-leases.ts";
import type { SharedOwner } from "./shared-owner.ts";

export class SharedView<L extends Lease, Key, Range> {
  readonly #owner: SharedOwner<L, Key, Range>;
  readonly #own: OwnChanges<L, Key>;
  readonly #seen: SeenLeases<L, Key, Range>;
  readonly #plan: LoadPlan<L, Key, Range>;
  readonly #now: Seconds;

  constructor(
    owner: SharedOwner<L, Key, Range>,
    own: OwnChanges<L, Key>,
    seen: SeenLeases<L, Key, Range>,
    plan: LoadPlan<L, Key, Range>,
    now: Seconds,
  ) {
    this.#owner = owner;
    this.#own = own;
    this.#seen = seen;
    this.#plan = plan;
    this.#now = now;
  }

  at(key: Key): L | undefined {
    const stored = this.#lookUpStored(key);
    return stored === "unknown" ? undefined : (this.offerAt(key) ?? stored ?? this.#own.givenUpAt(key));
  }

  /** What is on offer where nobody has anything: others' offers are seen at once, and what they have given when it is submitted. */
  offerAt(key: Key): L | undefined {
    const offer = this.#owner.offers.get(key);
    if (offer === undefined) return undefined;
    const stored = this.#storedAt(key);
    return stored !== "unknown" && this.isHeld(stored) ? undefined : offer;
  }

  /** What is there, offers left out. @throws Error when nobody has looked it up */
  storedAt(key: Key): L | undefined {
    const stored = this.#storedAt(key);
    if (stored === "unknown") throw new Error("a lease is changed that nobody has looked up");
    return stored;
  }

  #lookUpStored(key: Key): L | undefined | "unknown" {
    const stored = this.#storedAt(key);
    if (stored === "unknown") this.#plan.missKey(key);
    return stored;
  }

  #storedAt(key: Key): L | undefined | "unknown" {
    const change = this.#changeAt(key);
    return change === undefined ? this.#seen.at(key) : change.after;
  }

  /** The client's leases, the one that came last first. */
  ofClient(identifier: string): readonly L[] {
    const { family, offers } = this.#owner;
    const offered: L[] = [];
    for (const lease of offers.ofClient(identifier)) {
      const key = family.keyOf(lease);
      // Who takes an offer changes what is there.
      this.#lookUpStored(key);
      if (this.offerAt(key) !== undefined) offered.unshift(lease);
    }
    const seen = this.#seen.leasesOf(identifier);
    if (seen === undefined || seen.some((lease) => this.#isContested(lease, identifier))) {
      this.#plan.missIdentifier(identifier);
      return [];
    }
    const own = [...this.#own.ofClient(identifier)].reverse();
    const underway = [...this.#owner.changesOf(identifier)].reverse();
    return [
      ...own,
      ...underway.filter((lease) => this.#own.at(family.keyOf(lease)) === undefined),
      ...offered,
      ...seen.filter((lease) => !this.#isChanged(family.keyOf(lease))),
    ].slice(0, CLIENT_LEASES);
  }

  availableIn(pool: SharedPool<L, Key, Range>, now: Seconds, start: number | undefined): Key | undefined {
    return this.candidatesIn(pool, now, start).next().value;
  }

  /** What `availableIn` gives, then what it would give if that were taken, and so on: each once. */
  *candidatesIn(pool: SharedPool<L, Key, Range>, now: Seconds, start: number | undefined): Generator<Key, undefined> {
    this.#plan.usePool(pool);
    for (const key of pool.stock((candidate) => this.isBusy(candidate), start)) {
      this.#seen.setGiver(key, pool);
      yield key;
    }
    if (pool.isBeingSearched) return undefined;
    if (pool.mayHaveMore(now)) {
      this.#plan.missPool(pool, start);
      return undefined;
    }
    for (const lease of this.#owner.offers.values()) {
      const offered = this.#owner.family.keyOf(lease);
      if (pool.includes(offered) && !this.#isHeldAt(offered)) yield offered;
    }
    return undefined;
  }

  /**
   * Leases in use or on offer that cross the range.
   * @param name of the range, for what is known of it
   */
  crossing(name: string, range: Range, isCrossing: (lease: L) => boolean): readonly L[] {
    const seen = this.#seen.crossing(name);
    if (seen === undefined) {
      this.#plan.missCrossing(name, range);
      return [];
    }
    const { family, offers, changes } = this.#owner;
    return [
      ...[...seen].filter((lease) => !this.#isChanged(family.keyOf(lease))),
      ...changes(),
      ...this.#own.leases(),
      ...this.#own.givenUp(),
      ...offers.values(),
    ].filter((lease) => isCrossing(lease) && this.isHeld(this.#own.at(family.keyOf(lease))?.after ?? lease));
  }

  /**
   * What other batches have on its way is not counted: it may be in the database already, or come to nothing. The commit finds
   * out what is too much.
   */
  limitReached(lease: NewLease, ended: readonly L[], others: readonly GivenLeases[] = []): LeaseLimit | undefined {
    const { counts } = this.#own;
    return counts.limits.reached(lease, ended, others, (limit) => this.count(limit) + counts.of(limit));
  }

  /** How many leases the database counts. */
  count(limit: LeaseLimit): number {
    const count = this.#seen.countOf(limit);
    if (count === undefined) this.#plan.missLimit(limit);
    return count ?? 0;
  }

  /** Whether a pool cannot give it: somebody has it, or it is on offer. */
  isBusy(key: Key): boolean {
    return this.#owner.offers.get(key) !== undefined || this.#isHeldAt(key);
  }

  isHeld(lease: L | undefined): boolean {
    return lease !== undefined && lease.state !== LeaseState.reclaimed && expiryOf(lease) > this.#now;
  }

  #isHeldAt(key: Key): boolean {
    const change = this.#changeAt(key);
    return this.isHeld(change === undefined ? this.#seen.loadedAt(key) : (change.after ?? this.#own.givenUpAt(key)));
  }

  #isChanged(key: Key): boolean {
    return this.#changeAt(key) !== undefined;
  }

  #changeAt(key: Key): { readonly before: L | undefined; readonly after: L | undefined } | undefined {
    return this.#own.at(key) ?? this.#owner.changeAt(key);
  }

  /**
   * Whether a change gives somebody else what the client has, and knew nothing of that: as long as it is not known what
   * becomes of the change, nor is what the client has. Otherwise it would be taken for one that has nothing.
   */
  #isContested(lease: L, identifier: string): boolean {
    const { keyOf, identifiersOf } = this.#owner.family;
    const change = this.#changeAt(keyOf(lease));
    if (change === undefined) return false;
    return ![change.before, change.after].some(
      (each) => each !== undefined && identifiersOf(each).includes(identifier),
    );
  }

  /** What an offer to a client is based on; nothing where something about it is on its way to the database. */
  sight(offer: L): Sighting<L> | undefined {
    const { family, changesOf, stampOf, now } = this.#owner;
    const clients = new Map<string, KnownClient<L>>();
    for (const identifier of family.identifiersOf(offer)) {
      const client = this.#seen.loadedClient(identifier);
      const [changed] = [...this.#own.ofClient(identifier), ...changesOf(identifier)];
      if (client === undefined || changed !== undefined || stampOf(identifier) !== undefined) return undefined;
      clients.set(identifier, client);
    }
    const key = family.keyOf(offer);
    const before = this.#isChanged(key) ? "unknown" : this.#seen.at(key);
    return before === "unknown" ? undefined : { at: now(), before, clients };
  }
}
