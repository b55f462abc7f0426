/** What a batch has changed, key by key, and what of it the database has to be told. */
import type { Seconds } from "../../../base/clock.ts";
import { LeaseCounts } from "../../limits/lease-counts.ts";
import type { LeaseLimits } from "../../limits/lease-limits.ts";
import { expiryOf, type Lease, LeaseState } from "../../model/lease.ts";
import { IndexedLeases } from "../indexed-leases.ts";
import type { Change, Claim, NewClaim } from "../lease-database.ts";
import type { SharedFamily } from "../shared-family.ts";
import { findReplacements } from "./replacements.ts";

/** What has become of one key in the batch: its first state and its last, and the numbers of the changes between. */
interface Own<L> {
  readonly before: L | undefined;
  after: L | undefined;
  /** What the client claims, by the first state and the last. */
  given: Claim | undefined;
  readonly numbers: number[];
}

/** A change in the database, and the numbers of the batch's changes that it stands for. */
export interface OwnChange<L, Key> {
  readonly key: Key;
  readonly change: Change<L>;
  readonly numbers: readonly number[];
}

/** Whose leases have been looked up. */
export interface SeenClients {
  knows(identifier: string): boolean;
  /** Of what the client claims. */
  stampOf(identifier: string): number | undefined;
}

export class OwnChanges<L extends Lease, Key> {
  readonly #family: SharedFamily<L, Key>;
  readonly #clients: SeenClients;
  readonly #now: Seconds;
  readonly #random: () => number;
  readonly #changes = new Map<Key, Own<L>>();
  /** What is there after the changes. */
  readonly #leases: IndexedLeases<L, Key>;
  readonly #givenUp = new Map<Key, L>();
  /** How many leases more each limit counts after the changes. */
  readonly counts: LeaseCounts;
  /** The stamps that were known, by the identifiers of those who claim, when something was first given to them. */
  readonly #seenStamps = new Map<string, number | undefined>();

  /** @param random makes numbers in [0, 1), for stamps */
  constructor(
    family: SharedFamily<L, Key>,
    clients: SeenClients,
    limits: LeaseLimits,
    now: Seconds,
    random: () => number,
  ) {
    this.#family = family;
    this.#clients = clients;
    this.#now = now;
    this.#random = random;
    this.#leases = new IndexedLeases(family);
    this.counts = new LeaseCounts(limits);
  }

  /** How many keys have been changed. */
  get size(): number {
    return this.#changes.size;
  }

  at(key: Key): Pick<Own<L>, "before" | "after"> | undefined {
    return this.#changes.get(key);
  }

  /**
   * What a client has given up, as in force: nobody else's in this batch. Whether it does so is known when the batch is in the
   * database, and it goes on using what it has if not; what is over may have been renewed at another server by then.
   */
  givenUpAt(key: Key): L | undefined {
    return this.#givenUp.get(key);
  }

  givenUp(): Iterable<L> {
    return this.#givenUp.values();
  }

  leases(): Iterable<L> {
    return this.#leases.values();
  }

  /** In the order of the changes. */
  ofClient(identifier: string): Iterable<L> {
    return this.#leases.ofClient(identifier);
  }

  /** @param number of the change in the batch */
  add(key: Key, before: L | undefined, after: L | undefined, number: number): void {
    const given = this.#givenBy(before, after);
    if (given !== undefined && !this.#seenStamps.has(given.identifier)) {
      this.#seenStamps.set(given.identifier, this.#clients.stampOf(given.identifier));
    }
    if (after === undefined) this.#leases.delete(key);
    else this.#leases.put(after);
    const own = this.#changes.get(key);
    const first = own === undefined ? before : own.before;
    if (after === undefined && first !== undefined) this.#givenUp.set(key, this.#inForce(first));
    else this.#givenUp.delete(key);
    const former = own === undefined ? before : own.after;
    if (former !== undefined) this.counts.count(former, -1);
    if (after !== undefined) this.counts.count(after, 1);
    if (own === undefined) {
      this.#changes.set(key, { before, after, given, numbers: [number] });
      return;
    }
    own.after = after;
    own.given = this.#givenBy(own.before, after);
    own.numbers.push(number);
  }

  /** The change with that number stands or falls with what has become of the key. @returns whether that was changed here */
  rely(key: Key, number: number): boolean {
    const own = this.#changes.get(key);
    own?.numbers.push(number);
    return own !== undefined;
  }

  /** What the database is to be told. */
  *forDatabase(): IterableIterator<OwnChange<L, Key>> {
    const { claimOf } = this.#family;
    const claims = new Map<string, NewClaim>();
    for (const { given } of this.#changes.values()) {
      if (given !== undefined) claims.set(given.identifier, this.#makeClaim(given));
    }
    const { replaced, replacements } = findReplacements(this.#family, this.#changes.values());
    for (const [key, { before, after, given, numbers }] of this.#changes) {
      if (before === undefined && after === undefined) continue;
      const claim = given && claims.get(given.identifier);
      const had = before && claimOf(before);
      const isGone = had !== undefined && had.identifier !== (after && claimOf(after)?.identifier);
      const unclaimed = isGone && !claims.has(had.identifier) ? had : undefined;
      const replaces = claim && replaced.get(after!);
      const replacement = after === undefined ? replacements.get(before!) : undefined;
      yield { key, change: { before, after, claim, replaces, replacement, unclaimed }, numbers };
    }
  }

  /** What a client claims with a change: nothing where it keeps what it has. A client that nobody has looked up cannot. */
  #givenBy(before: L | undefined, after: L | undefined): Claim | undefined {
    const { claimOf } = this.#family;
    const given = after?.state === LeaseState.assigned ? claimOf(after) : undefined;
    if (given === undefined || !this.#clients.knows(given.identifier)) return undefined;
    const wasLive = before?.state === LeaseState.assigned && expiryOf(before) > this.#now;
    return wasLive && claimOf(before)?.identifier === given.identifier ? undefined : given;
  }

  /** For a second at least. */
  #inForce(lease: L): L {
    return expiryOf(lease) > this.#now ? lease : { ...lease, cltt: this.#now + 1 - lease.validLifetime };
  }

  #makeClaim(given: Claim): NewClaim {
    const stamp = Math.floor(this.#random() * Number.MAX_SAFE_INTEGER);
    return { stamp, seen: this.#seenStamps.get(given.identifier), ...given };
  }
}
