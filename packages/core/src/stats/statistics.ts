/** All statistics of a daemon under Kea's names: global ones, and those of each subnet and pool of the configuration. */
import type { Seconds } from "../base/clock.ts";
import { SAMPLES, type SampleLimit, Statistic, type StatisticDefinition } from "./statistic.ts";

type Definitions = Readonly<Record<string, StatisticDefinition>>;

/** Pools of addresses, and of prefixes. */
export type PoolKind = "pool" | "pd-pool";

/** What is counted at each level. The same name at two levels counts in both: see `Statistic.add`. */
export interface StatisticTable {
  readonly global: Definitions;
  readonly subnet: Definitions;
  readonly pool: Definitions;
  readonly "pd-pool"?: Definitions;
}

type Level<D extends Definitions> = { readonly [Name in keyof D]: Statistic };

interface SubnetEntry<Table extends StatisticTable> {
  readonly statistics: Level<Table["subnet"]>;
  readonly pools: Map<string, Level<Definitions>>;
}

/** The pools of a subnet as the keys of their statistics: `pool[0]`, `pd-pool[0]`. */
export type PoolKey = `${PoolKind}[${number}]`;

export class Statistics<Table extends StatisticTable> {
  /** Plain properties, for the packet path: `statistics.global["pkt4-received"].add(1, now)`. */
  readonly global: Level<Table["global"]>;
  readonly #table: Table;
  readonly #started: Seconds;
  readonly #subnets = new Map<number, SubnetEntry<Table>>();
  #limit = SAMPLES;

  constructor(table: Table, now: Seconds) {
    this.#table = table;
    this.#started = now;
    this.global = this.#level(table.global, {});
  }

  /** Made when first asked for; keep the result in what is compiled from the configuration. */
  subnet(id: number): Level<Table["subnet"]> {
    return this.#subnet(id).statistics;
  }

  pool(subnetId: number, poolId: number): Level<Table["pool"]>;
  pool<Kind extends PoolKind>(subnetId: number, poolId: number, kind: Kind): Level<NonNullable<Table[Kind]>>;
  pool(subnetId: number, poolId: number, kind: PoolKind = "pool"): Level<Definitions> {
    const { statistics, pools } = this.#subnet(subnetId);
    const key: PoolKey = `${kind}[${poolId}]`;
    let pool = pools.get(key);
    if (pool === undefined) {
      pool = this.#level(this.#table[kind] ?? {}, statistics);
      pools.set(key, pool);
    }
    return pool;
  }

  /**
   * Forgets the subnets and pools that a new configuration does not have. What there is in them no longer counts in the
   * levels above; what has happened in them still does.
   * @param isKept asked for each subnet, and with a pool for each pool of a subnet that stays
   */
  retain(isKept: (subnetId: number, pool?: PoolKey) => boolean, now: Seconds): void {
    for (const [subnetId, { statistics, pools }] of this.#subnets) {
      const subnetIsKept = isKept(subnetId);
      for (const [key, pool] of pools) {
        if (subnetIsKept && isKept(subnetId, key as PoolKey)) continue;
        emptyGauges(pool, now);
        pools.delete(key);
      }
      if (subnetIsKept) continue;
      emptyGauges(statistics, now);
      this.#subnets.delete(subnetId);
    }
  }

  /** Every statistic with its full name: `pkt4-received`, `subnet[1].assigned-addresses`, `subnet[1].pool[0].…`. */
  *entries(): Generator<[name: string, statistic: Statistic]> {
    yield* prefixed("", this.global);
    for (const [subnetId, { statistics, pools }] of this.#subnets) {
      yield* prefixed(`subnet[${subnetId}].`, statistics);
      for (const [key, pool] of pools) yield* prefixed(`subnet[${subnetId}].${key}.`, pool);
    }
  }

  /** By its full name. */
  find(name: string): Statistic | undefined {
    const [, subnetId, pool, last] = /^(?:subnet\[(\d+)\]\.)?(?:((?:pd-)?pool\[\d+\])\.)?([^.]*)$/.exec(name) ?? [];
    if (last === undefined) return undefined;
    const subnet = subnetId === undefined ? undefined : this.#subnets.get(Number(subnetId));
    const level =
      subnetId === undefined ? this.global : pool === undefined ? subnet?.statistics : subnet?.pools.get(pool);
    const statistic = level !== undefined && Object.hasOwn(level, last) ? level[last] : undefined;
    return statistic?.isRemoved === true ? undefined : statistic;
  }

  /** Of all that there are and will be. */
  limitSamples(limit: SampleLimit): void {
    this.#limit = limit;
    for (const [, statistic] of this.entries()) statistic.limitSamples(limit);
  }

  #subnet(id: number): SubnetEntry<Table> {
    let subnet = this.#subnets.get(id);
    if (subnet === undefined) {
      subnet = { statistics: this.#level(this.#table.subnet, this.global), pools: new Map() };
      this.#subnets.set(id, subnet);
    }
    return subnet;
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

function emptyGauges(level: Readonly<Record<string, Statistic>>, now: Seconds): void {
  for (const statistic of Object.values(level)) if (statistic.kind === "gauge") statistic.set(0, now);
}

function* prefixed(prefix: string, level: Readonly<Record<string, Statistic>>): Generator<[string, Statistic]> {
  for (const [name, statistic] of Object.entries(level)) if (!statistic.isRemoved) yield [prefix + name, statistic];
}
