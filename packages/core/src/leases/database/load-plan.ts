/** What a batch's next load is to bring: what look-ups have missed since the last one, and more for pools that run low. */
import type { LeaseLimit } from "../model/lease-limit.ts";
import type { Wanted } from "./lease-database.ts";
import type { SharedPool } from "./pool/shared-pool.ts";

/** Pools that one load looks into; a network of hundreds is gone through in several. */
const POOLS_AT_A_TIME = 64;

export interface Plan<L, Key, Range> {
  readonly keys: ReadonlySet<Key>;
  readonly identifiers: ReadonlySet<string>;
  /** By the names of the ranges. */
  readonly crossings: ReadonlyMap<string, Range>;
  /** The keys to look at for pools that are asked for a block. */
  readonly blocks: ReadonlyMap<SharedPool<L, Key, Range>, readonly Key[]>;
  readonly searched: readonly SharedPool<L, Key, Range>[];
  readonly limits: ReadonlySet<LeaseLimit>;
}

export class LoadPlan<L, Key, Range> {
  /** Misses of the whole batch. */
  missed = 0;
  #keys = new Set<Key>();
  #identifiers = new Set<string>();
  #crossings = new Map<string, Range>();
  #limits = new Set<LeaseLimit>();
  /** With where to begin, as for `LeaseView4.available`. */
  #pools = new Map<SharedPool<L, Key, Range>, number | undefined>();
  readonly #usedPools = new Set<SharedPool<L, Key, Range>>();

  missKey(key: Key): void {
    this.missed++;
    this.#keys.add(key);
  }

  missIdentifier(identifier: string): void {
    this.missed++;
    this.#identifiers.add(identifier);
  }

  missPool(pool: SharedPool<L, Key, Range>, start: number | undefined): void {
    this.missed++;
    if (this.#pools.size < POOLS_AT_A_TIME) this.#pools.set(pool, start);
  }

  /** @param name of the range */
  missCrossing(name: string, range: Range): void {
    this.missed++;
    this.#crossings.set(name, range);
  }

  missLimit(limit: LeaseLimit): void {
    this.missed++;
    this.#limits.add(limit);
  }

  /** Something of the pool is wanted: from now on loads fill its stock before it is empty. */
  usePool(pool: SharedPool<L, Key, Range>): void {
    this.#usedPools.add(pool);
  }

  /** What there is to load. From now on it counts as loaded. */
  take(): Plan<L, Key, Range> {
    const pools = this.#pools;
    for (const pool of this.#usedPools) if (pool.isLow) pools.set(pool, undefined);
    const sparse = [...pools].filter(([pool]) => pool.isSparse);
    const plan = {
      keys: this.#keys,
      identifiers: this.#identifiers,
      crossings: this.#crossings,
      blocks: new Map(sparse.map(([pool, start]) => [pool, pool.ask(start)])),
      searched: [...pools.keys()].filter((pool) => !pool.isSparse),
      limits: this.#limits,
    };
    this.#keys = new Set();
    this.#identifiers = new Set();
    this.#crossings = new Map();
    this.#limits = new Set();
    this.#pools = new Map();
    return plan;
  }
}

/** What the database is to be asked for, searches left out; `undefined` for nothing. */
export function wantedBy<L, Key, Range>(plan: Plan<L, Key, Range>): Wanted<Key, Range> | undefined {
  const { identifiers, limits } = plan;
  const keys = new Set(plan.keys);
  for (const block of plan.blocks.values()) for (const key of block) keys.add(key);
  const crossings = [...plan.crossings.values()];
  const size = keys.size + identifiers.size + crossings.length + limits.size;
  return size > 0 ? { keys, identifiers, crossings, limits } : undefined;
}
