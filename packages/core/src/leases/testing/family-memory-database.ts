/** What lease databases in memory of both families have in common; several stores can share one. Tests only. */
import { isDeepStrictEqual } from "node:util";
import type { Seconds } from "../../base/clock.ts";
import { formatHex } from "../../base/hex.ts";
import { LimitedGifts } from "../database/changes/limited-gifts.ts";
import type {
  Change,
  LeaseDatabase,
  Loaded,
  NewClaim,
  Search,
  SearchResult,
  Span,
  Wanted,
} from "../database/lease-database.ts";
import type { SharedFamily } from "../database/shared-family.ts";
import { LeaseCounts } from "../limits/lease-counts.ts";
import { LeaseLimits } from "../limits/lease-limits.ts";
import { expiryOf, INFINITE_LIFETIME, type Lease, LeaseState } from "../model/lease.ts";
import type { LeaseLimit } from "../model/lease-limit.ts";
import type { LeaseMark, LeaseTally } from "../model/lease-store.ts";
import type { LeaseType6 } from "../model/lease6.ts";
import { agentIdOf } from "../user-context/agent-options4.ts";
import { relayIdsOf } from "../user-context/relay-info6.ts";

/** How the family's ranges lie among its keys. */
export interface KeyRanges<L, Key, Range> {
  includes(range: Range, key: Key): boolean;
  /** The keys of a span that may be given, ascending. */
  members(range: Range, span: Span<Key>): Iterable<Key>;
  /** Whether the lease is of another length than the prefixes of the range, and shares addresses with one. */
  isCrossing(range: Range, lease: L): boolean;
}

export class FamilyMemoryDatabase<L extends Lease & { readonly type?: LeaseType6 }, Key extends string | number, Range>
  implements LeaseDatabase<L, Key, Range>
{
  keepsRegistered = true;
  readonly leases = new Map<Key, L>();
  readonly claims = new Map<string, NewClaim>();
  loads = 0;
  searches = 0;
  /** What searches wait for. */
  searching: Promise<void> | undefined;
  /** When set, calls fail with it. */
  fault: Error | undefined;

  readonly #family: SharedFamily<L, Key>;
  readonly #ranges: KeyRanges<L, Key, Range>;

  constructor(family: SharedFamily<L, Key>, ranges: KeyRanges<L, Key, Range>) {
    this.#family = family;
    this.#ranges = ranges;
  }

  async load({ keys, identifiers, crossings, limits }: Wanted<Key, Range>): Promise<Loaded<L>> {
    await this.#turn();
    this.loads++;
    const { keyOf, identifiersOf } = this.#family;
    const all = [...this.leases.values()];
    const leases = all.filter(
      (lease) => keys.has(keyOf(lease)) || identifiersOf(lease).some((identifier) => identifiers.has(identifier)),
    );
    const claims = new Map([...this.claims.values()].map(({ identifier, stamp }) => [identifier, stamp]));
    const crossed = all.filter((lease) => crossings.some((range) => this.#ranges.isCrossing(range, lease)));
    return { leases, claims, crossed, counts: this.#count([...limits]) };
  }

  async search({ range, spans, now }: Search<Key, Range>): Promise<SearchResult<L, Key>> {
    this.searches++;
    await this.searching;
    await this.#turn();
    const over = [...this.leases]
      .filter(([key, lease]) => this.#ranges.includes(range, key) && isOver(lease, now))
      .map(([key, lease]) => ({ key, lease }));
    for (const span of spans) {
      for (const key of this.#ranges.members(range, span)) if (!this.leases.has(key)) return { gap: key, over };
    }
    return { gap: undefined, over };
  }

  async commit(changes: readonly Change<L>[], limits?: LeaseLimits): Promise<ReadonlySet<number>> {
    await this.#turn();
    const gifts = new LimitedGifts(changes, limits);
    const excess = gifts.excess(this.#count(gifts.limits));
    const refused = new Set<NewClaim>();
    const made = changes.filter((_, index) => !excess.has(index));
    for (const claim of new Set(made.flatMap(({ claim: each }) => each ?? []))) {
      if (this.claims.get(claim.identifier)?.stamp === claim.seen) this.claims.set(claim.identifier, claim);
      else refused.add(claim);
    }
    const taken = new Set(excess);
    const put = new Set<L>();
    // What is removed last: that may depend on what is put.
    const ordered = [...changes.entries()].sort(
      ([, a], [, b]) => Number(a.after === undefined) - Number(b.after === undefined),
    );
    for (const [index, change] of ordered) {
      if (excess.has(index)) continue;
      const { after, claim, replaces, replacement } = change;
      const mayBeMade =
        (claim === undefined || !refused.has(claim)) &&
        (replaces === undefined || this.#isAsSeen(replaces)) &&
        (replacement === undefined || put.has(replacement));
      if (!mayBeMade || !this.#make(change)) taken.add(index);
      else if (after !== undefined) put.add(after);
    }
    return taken;
  }

  asKept(lease: L): L {
    return lease;
  }

  async expired(now: Seconds, limit: number): Promise<readonly L[]> {
    await this.#turn();
    return this.#oldest((lease) => lease.state !== LeaseState.reclaimed && expiryOf(lease) <= now, limit);
  }

  async forgettable(now: Seconds, holdReclaimed: Seconds, limit: number): Promise<readonly L[]> {
    await this.#turn();
    const isOld = (lease: L) => lease.state === LeaseState.reclaimed && endOf(lease) + holdReclaimed <= now;
    return this.#oldest(isOld, limit);
  }

  async page(after: Key | undefined, limit: number, type?: number): Promise<readonly L[]> {
    await this.#turn();
    return [...this.leases]
      .filter(([key, lease]) => lease.type === type && (after === undefined || key > after))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .slice(0, limit)
      .map(([, lease]) => lease);
  }

  async marked(mark: LeaseMark, after: Key | undefined, limit: number): Promise<readonly L[]> {
    await this.#turn();
    return [...this.leases.values()]
      .filter((lease) => isMarked(lease, mark))
      .sort((a, b) => (addressOf(this.#family.keyOf(a)) < addressOf(this.#family.keyOf(b)) ? -1 : 1))
      .filter((lease) => after === undefined || addressOf(this.#family.keyOf(lease)) > addressOf(after))
      .slice(0, limit);
  }

  async tally(): Promise<readonly LeaseTally[]> {
    await this.#turn();
    const tallies = new Map<string, LeaseTally>();
    for (const { subnetId, poolId, state, type } of this.leases.values()) {
      const key = `${subnetId} ${poolId} ${state} ${type}`;
      const count = (tallies.get(key)?.count ?? 0) + 1;
      tallies.set(key, { subnetId, poolId, state, type, count });
    }
    return [...tallies.values()];
  }

  async countHeld(): Promise<readonly LeaseTally[]> {
    return (await this.tally()).filter(({ state }) => state !== LeaseState.reclaimed);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #turn(): Promise<void> {
    await new Promise(setImmediate);
    if (this.fault !== undefined) throw this.fault;
  }

  #isAsSeen(lease: L): boolean {
    return isDeepStrictEqual(this.leases.get(this.#family.keyOf(lease)), lease);
  }

  #make({ before, after, unclaimed }: Change<L>): boolean {
    const key = this.#family.keyOf((before ?? after)!);
    if (!isDeepStrictEqual(this.leases.get(key), before)) return false;
    if (unclaimed !== undefined && this.claims.get(unclaimed.identifier)?.address === unclaimed.address) {
      this.claims.delete(unclaimed.identifier);
    }
    if (after === undefined) this.leases.delete(key);
    else this.leases.set(key, after);
    return true;
  }

  #count(limits: readonly LeaseLimit[]): Map<LeaseLimit, number> {
    const counts = new LeaseCounts(new LeaseLimits(limits));
    for (const lease of this.leases.values()) counts.count(lease, 1);
    return new Map(limits.map((limit) => [limit, counts.of(limit)]));
  }

  #oldest(isWanted: (lease: L) => boolean, limit: number): readonly L[] {
    return [...this.leases.values()]
      .filter(isWanted)
      .sort((a, b) => endOf(a) - endOf(b))
      .slice(0, limit);
  }
}

function endOf({ cltt, validLifetime }: Lease): Seconds {
  return validLifetime === INFINITE_LIFETIME ? cltt : cltt + validLifetime;
}

function isOver(lease: Lease, now: Seconds): boolean {
  return lease.state === LeaseState.reclaimed || expiryOf(lease) <= now;
}

function isMarked({ type, userContext, hostname }: Lease & { readonly type?: LeaseType6 }, mark: LeaseMark): boolean {
  if (mark.kind === "hostname") return hostname.toLowerCase() === mark.name.toLowerCase();
  if (type !== undefined) return relayIdsOf(userContext, mark.kind).includes(formatHex(mark.id, "").toUpperCase());
  const id = agentIdOf(userContext, mark.kind);
  return id !== undefined && formatHex(id, "") === formatHex(mark.id, "");
}

/** Without the type that leads it in DHCPv6. */
function addressOf(key: string | number): string | number {
  return typeof key === "string" ? key.slice(1) : key;
}
