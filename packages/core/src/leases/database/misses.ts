/** What look-ups of a batch have missed since its last load: the plan of the next one. */
import type { SharedPool } from "./shared-pool.ts";

/** Pools that one load looks into; a network of hundreds is gone through in several. */
const POOLS_AT_A_TIME = 64;

interface Missed<L, Key, Range> {
  readonly keys: Set<Key>;
  readonly names: Set<string>;
  /** With where to begin, as for `LeaseView.available`. */
  readonly pools: Map<SharedPool<L, Key, Range>, number | undefined>;
  /** By their names. */
  readonly crossings: Map<string, Range>;
}

export class Misses<L, Key, Range> {
  /** Of the whole batch. */
  count = 0;
  #missed: Missed<L, Key, Range> = nothing();

  key(key: Key): void {
    this.count++;
    this.#missed.keys.add(key);
  }

  name(name: string): void {
    this.count++;
    this.#missed.names.add(name);
  }

  pool(pool: SharedPool<L, Key, Range>, start: number | undefined): void {
    this.count++;
    if (this.#missed.pools.size < POOLS_AT_A_TIME) this.#missed.pools.set(pool, start);
  }

  /** @param name of the range */
  crossing(name: string, range: Range): void {
    this.count++;
    this.#missed.crossings.set(name, range);
  }

  /** What there is to load. From now on it counts as loaded. */
  take(): Missed<L, Key, Range> {
    const missed = this.#missed;
    this.#missed = nothing();
    return missed;
  }
}

function nothing<L, Key, Range>(): Missed<L, Key, Range> {
  return { keys: new Set(), names: new Set(), pools: new Map(), crossings: new Map() };
}
