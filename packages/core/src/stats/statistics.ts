/**
 * All statistics of a daemon under Kea's names: global ones, and those of each subnet and pool. Counted are all places
 * that leases speak of, listed only those of the configuration: so a reload needs no recount.
 */
import type { Seconds } from "../base/clock.ts";
import { SAMPLES, type SampleLimit, Statistic, type StatisticDefinition } from "./statistic.ts";

type Definitions = Readonly<Record<string, StatisticDefinition>>;

/** Pools of addresses, and of prefixes. */
export type PoolKind = "pool" | "pd-pool";

const POOL_KINDS: readonly PoolKind[] = ["pool", "pd-pool"];

/** What is counted at each level. The same name at two levels counts in both: see `Statistic.add`. */
export interface StatisticTable {
  readonly global: Definitions;
  readonly subnet: Definitions;
  readonly pool: Definitions;
  readonly "pd-pool"?: Definitions;
}

/** A subnet of the configuration. */
export interface ListedSubnet {
  readonly id: number;
  /** Those with one id are counted as one. */
  readonly pools: readonly { readonly kind: PoolKind; readonly id: number; readonly size: bigint }[];
}

type Level<D extends Definitions> = { readonly [Name in keyof D]: Statistic };

/** A subnet or a pool. */
class Place<D extends Definitions = Definitions> {
  readonly level: Level<D>;
  isListed = false;

  constructor(level: Level<D>) {
    this.level = level;
  }

  /** It counts on, but should it ever come back, only what there is then will be known of it. */
  unlist(now: Seconds): void {
    if (!this.isListed) return;
    this.isListed = false;
    for (const statistic of Object.values<Statistic>(this.level)) {
      if (statistic.kind === "size") statistic.set(0, now);
      statistic.reset(now);
    }
  }

  get holdsNothing(): boolean {
    return Object.values<Statistic>(this.level).every(({ kind, value }) => kind !== "gauge" || value === 0);
  }
}

class Subnet<Table extends StatisticTable> extends Place<Table["subnet"]> {
  readonly pools: Readonly<Record<PoolKind, Map<number, Place>>> = { pool: new Map(), "pd-pool": new Map() };
}

/** How many subnets are taken over between two chances for other work. */
const SLICE = 100;

export class Statistics<Table extends StatisticTable> {
  /** Plain properties, for the packet path: `statistics.global["pkt4-received"].add(1, now)`. */
  readonly global: Level<Table["global"]>;
  readonly #table: Table;
  readonly #started: Seconds;
  readonly #subnets = new Map<number, Subnet<Table>>();
  #limit = SAMPLES;

  constructor(table: Table, now: Seconds) {
    this.#table = table;
    this.#started = now;
    this.global = this.#level(table.global, {});
  }

  /** Made when first asked for. */
  subnet(id: number): Level<Table["subnet"]> {
    return this.#subnet(id).level;
  }

  /** As `subnet`. */
  pool<Kind extends PoolKind>(kind: Kind, subnetId: number, id: number): Level<NonNullable<Table[Kind]>>;
  pool(kind: PoolKind, subnetId: number, id: number): Level<Definitions> {
    return this.#pool(kind, this.#subnet(subnetId), id).level;
  }

  /** From now on these are listed, with their sizes, and no others. In steps that leave room for packets. */
  *list(subnets: Iterable<ListedSubnet>, now: Seconds): Generator<void> {
    const listed = new Set<number>();
    for (const subnet of subnets) {
      this.#list(subnet, now);
      listed.add(subnet.id);
      if (listed.size % SLICE === 0) yield;
    }
    for (const [id, { pools }] of this.#subnets) {
      if (listed.has(id)) continue;
      for (const kind of POOL_KINDS) unlistOthers(pools[kind], new Set(), now);
    }
    unlistOthers(this.#subnets, listed, now);
  }

  /** Every statistic with its full name: `pkt4-received`, `subnet[1].assigned-addresses`, `subnet[1].pool[0].…`. */
  *entries(): Generator<[name: string, statistic: Statistic]> {
    yield* named("", this.global);
    for (const [id, subnet] of listedIn(this.#subnets)) {
      yield* named(`subnet[${id}].`, subnet.level);
      for (const kind of POOL_KINDS) {
        for (const [poolId, { level }] of listedIn(subnet.pools[kind])) {
          yield* named(`subnet[${id}].${kind}[${poolId}].`, level);
        }
      }
    }
  }

  /** By its full name. */
  find(name: string): Statistic | undefined {
    const [, subnetId, kind, poolId, last] =
      /^(?:subnet\[(\d+)\]\.(?:(pool|pd-pool)\[(\d+)\]\.)?)?([^.]*)$/.exec(name) ?? [];
    if (last === undefined) return undefined;
    let level: Level<Definitions> | undefined = this.global;
    if (subnetId !== undefined) {
      const subnet = this.#subnets.get(Number(subnetId));
      const pools = subnet?.pools[kind === "pd-pool" ? kind : "pool"];
      const place = kind === undefined ? subnet : pools?.get(Number(poolId));
      level = subnet?.isListed === true && place?.isListed === true ? place.level : undefined;
    }
    const statistic = level !== undefined && Object.hasOwn(level, last) ? level[last] : undefined;
    return statistic?.isRemoved === true ? undefined : statistic;
  }

  /** Of all that there are and will be. */
  limitSamples(limit: SampleLimit): void {
    this.#limit = limit;
    for (const [, statistic] of this.entries()) statistic.limitSamples(limit);
  }

  #subnet(id: number): Subnet<Table> {
    let subnet = this.#subnets.get(id);
    if (subnet === undefined) {
      subnet = new Subnet<Table>(this.#level(this.#table.subnet, this.global));
      this.#subnets.set(id, subnet);
    }
    return subnet;
  }

  #pool(kind: PoolKind, { level, pools }: Subnet<Table>, id: number): Place {
    let pool = pools[kind].get(id);
    if (pool === undefined) {
      pool = new Place(this.#level(this.#table[kind] ?? {}, level));
      pools[kind].set(id, pool);
    }
    return pool;
  }

  #list({ id, pools }: ListedSubnet, now: Seconds): void {
    const subnet = this.#subnet(id);
    subnet.isListed = true;
    for (const kind of POOL_KINDS) {
      const sizes = new Map<number, bigint>();
      for (const pool of pools) if (pool.kind === kind) sizes.set(pool.id, (sizes.get(pool.id) ?? 0n) + pool.size);
      for (const [poolId, size] of sizes) {
        const pool = this.#pool(kind, subnet, poolId);
        pool.isListed = true;
        this.#size(kind, pool.level, size, now);
      }
      this.#size(
        kind,
        subnet.level,
        [...sizes.values()].reduce((sum, size) => sum + size, 0n),
        now,
      );
      unlistOthers(subnet.pools[kind], sizes, now);
    }
  }

  /** Sets what tells the size of pools of a kind, in the pool and in its subnet alike. */
  #size(kind: PoolKind, level: Level<Definitions>, total: bigint, now: Seconds): void {
    const size = total <= Number.MAX_SAFE_INTEGER ? Number(total) : total;
    for (const [name, definition] of Object.entries(this.#table[kind] ?? {})) {
      const statistic = definition.kind === "size" ? level[name] : undefined;
      if (statistic?.value !== size) statistic?.set(size, now);
    }
  }

  #level<D extends Definitions>(definitions: D, parents: Readonly<Record<string, Statistic>>): Level<D> {
    const level: Record<string, Statistic> = {};
    for (const [name, { kind }] of Object.entries(definitions)) {
      const statistic = new Statistic(kind, parents[name], this.#started);
      if (this.#limit !== SAMPLES) statistic.limitSamples(this.#limit);
      level[name] = statistic;
    }
    return level as Level<D>;
  }
}

/** Places that hold nothing are forgotten. */
function unlistOthers<P extends Place>(
  places: Map<number, P>,
  listed: { has(id: number): boolean },
  now: Seconds,
): void {
  for (const [id, place] of places) {
    if (listed.has(id)) continue;
    place.unlist(now);
    if (place.holdsNothing) places.delete(id);
  }
}

function* listedIn<P extends Place>(places: Map<number, P>): Generator<[id: number, place: P]> {
  for (const [id, place] of places) if (place.isListed) yield [id, place];
}

function* named(prefix: string, level: Level<Definitions>): Generator<[string, Statistic]> {
  for (const [name, statistic] of Object.entries(level)) if (!statistic.isRemoved) yield [prefix + name, statistic];
}
