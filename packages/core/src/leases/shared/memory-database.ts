/** A lease database in memory that several stores can share. Tests only. */
import { isDeepStrictEqual } from "node:util";
import type { Seconds } from "../../base/clock.ts";
import type { Ipv4 } from "../../ip/ipv4.ts";
import { expiryOf, INFINITE_LIFETIME, LeaseState } from "../lease.ts";
import type { LeaseTally, PoolRange } from "../lease-store.ts";
import type { Lease4 } from "../lease4.ts";
import type { Change, Loaded, NewClaim, Search, SearchResult, Wanted } from "./lease-database.ts";
import { family4, type LeaseDatabase4 } from "./shared-store4.ts";

export class MemoryDatabase implements LeaseDatabase4 {
  readonly leases = new Map<Ipv4, Lease4>();
  readonly claims = new Map<string, NewClaim>();
  loads = 0;
  searches = 0;
  /** What searches wait for. */
  searching: Promise<void> | undefined;
  /** When set, calls fail with it. */
  fault: Error | undefined;

  async load({ keys, names }: Wanted<Ipv4, PoolRange>): Promise<Loaded<Lease4>> {
    await this.#turn();
    this.loads++;
    const leases = [...this.leases.values()].filter(
      (lease) => keys.has(lease.address) || family4.namesOf(lease).some((name) => names.has(name)),
    );
    const claims = new Map([...this.claims.values()].map(({ name, stamp }) => [name, stamp]));
    return { leases, claims, crossed: [] };
  }

  async search({ range, spans, now }: Search<Ipv4, PoolRange>): Promise<SearchResult<Lease4, Ipv4>> {
    this.searches++;
    await this.searching;
    await this.#turn();
    const { first, last, excluded } = range;
    const over = [...this.leases]
      .filter(([address, lease]) => address >= first && address <= last && isOver(lease, now))
      .map(([key, lease]) => ({ key, lease }));
    for (const span of spans) {
      for (let address = span.first; address <= span.last; address++) {
        if (!this.leases.has(address) && !excluded.includes(address)) return { gap: address, over };
      }
    }
    return { gap: undefined, over };
  }

  async commit(changes: readonly Change<Lease4>[]): Promise<ReadonlySet<number>> {
    await this.#turn();
    const refused = new Set<NewClaim>();
    for (const claim of new Set(changes.flatMap(({ claim: each }) => each ?? []))) {
      if (this.claims.get(claim.name)?.stamp === claim.seen) this.claims.set(claim.name, claim);
      else refused.add(claim);
    }
    const taken = new Set<number>();
    const removed = new Set<Ipv4>();
    // What is removed first: others may depend on it.
    const ordered = [...changes.entries()].sort(
      ([, a], [, b]) => Number(b.after === undefined) - Number(a.after === undefined),
    );
    for (const [index, change] of ordered) {
      const { after, before, claim, replaces } = change;
      const mayBeMade =
        (claim === undefined || !refused.has(claim)) && (replaces === undefined || removed.has(replaces.address));
      if (!mayBeMade || !this.#make(change)) taken.add(index);
      else if (after === undefined) removed.add(before!.address);
    }
    return taken;
  }

  asKept(lease: Lease4): Lease4 {
    return lease;
  }

  async expired(now: Seconds, limit: number): Promise<readonly Lease4[]> {
    await this.#turn();
    return this.#oldest((lease) => lease.state !== LeaseState.reclaimed && expiryOf(lease) <= now, limit);
  }

  async forgettable(now: Seconds, holdReclaimed: Seconds, limit: number): Promise<readonly Lease4[]> {
    await this.#turn();
    const isOld = (lease: Lease4) => lease.state === LeaseState.reclaimed && endOf(lease) + holdReclaimed <= now;
    return this.#oldest(isOld, limit);
  }

  async page(after: Ipv4 | undefined, limit: number): Promise<readonly Lease4[]> {
    await this.#turn();
    const behind = [...this.leases.values()].filter(({ address }) => address > (after ?? -1));
    return behind.sort((a, b) => a.address - b.address).slice(0, limit);
  }

  async tally(): Promise<readonly LeaseTally[]> {
    await this.#turn();
    const tallies = new Map<string, LeaseTally>();
    for (const { subnetId, poolId, state } of this.leases.values()) {
      const key = `${subnetId} ${poolId} ${state}`;
      const count = (tallies.get(key)?.count ?? 0) + 1;
      tallies.set(key, { subnetId, poolId, state, type: undefined, count });
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

  #make({ before, after, unclaimed }: Change<Lease4>): boolean {
    const { address } = (before ?? after)!;
    if (!isDeepStrictEqual(this.leases.get(address), before)) return false;
    if (unclaimed !== undefined && this.claims.get(unclaimed.name)?.place === unclaimed.place) {
      this.claims.delete(unclaimed.name);
    }
    if (after === undefined) this.leases.delete(address);
    else this.leases.set(address, after);
    return true;
  }

  #oldest(isWanted: (lease: Lease4) => boolean, limit: number): readonly Lease4[] {
    return [...this.leases.values()]
      .filter(isWanted)
      .sort((a, b) => endOf(a) - endOf(b))
      .slice(0, limit);
  }
}

function endOf({ cltt, validLifetime }: Lease4): Seconds {
  return validLifetime === INFINITE_LIFETIME ? cltt : cltt + validLifetime;
}

function isOver(lease: Lease4, now: Seconds): boolean {
  return lease.state === LeaseState.reclaimed || expiryOf(lease) <= now;
}
