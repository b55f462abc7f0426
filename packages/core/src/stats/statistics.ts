/** All statistics of a daemon under Kea's names: global ones, and those of each subnet and pool of the configuration. */
import type { Seconds } from "../base/clock.ts";
import { Statistic, type StatisticDefinition } from "./statistic.ts";

type Definitions = Readonly<Record<string, StatisticDefinition>>;

/** What is counted at each level. The same name at two levels counts in both: see `Statistic.add`. */
export interface StatisticTable {
  readonly global: Definitions;
  readonly subnet: Definitions;
  readonly pool: Definitions;
}

type Level<D extends Definitions> = { readonly [Name in keyof D]: Statistic };

interface SubnetEntry<Table extends StatisticTable> {
  readonly statistics: Level<Table["subnet"]>;
  readonly pools: Map<number, Level<Table["pool"]>>;
}

export class Statistics<Table extends StatisticTable> {
  /** Plain properties, for the packet path: `statistics.global["pkt4-received"].add(1, now)`. */
  readonly global: Level<Table["global"]>;
  readonly #table: Table;
  readonly #started: Seconds;
  readonly #subnets = new Map<number, SubnetEntry<Table>>();

  constructor(table: Table, now: Seconds) {
    this.#table = table;
    this.#started = now;
    this.global = this.#level(table.global, {});
  }

  /** Made when first asked for; keep the result in what is compiled from the configuration. */
  subnet(id: number): Level<Table["subnet"]> {
    return this.#subnet(id).statistics;
  }

  pool(subnetId: number, poolId: number): Level<Table["pool"]> {
    const { statistics, pools } = this.#subnet(subnetId);
    let pool = pools.get(poolId);
    if (pool === undefined) {
      pool = this.#level(this.#table.pool, statistics);
      pools.set(poolId, pool);
    }
    return pool;
  }

  /**
   * Forgets the subnets and pools that a new configuration does not have. What there is in them no longer counts in the
   * levels above; what has happened in them still does.
   * @param isKept asked for each subnet, and with a pool id for each pool of a subnet that stays
   */
  retain(isKept: (subnetId: number, poolId?: number) => boolean, now: Seconds): void {
    for (const [subnetId, { statistics, pools }] of this.#subnets) {
      const subnetIsKept = isKept(subnetId);
      for (const [poolId, pool] of pools) {
        if (subnetIsKept && isKept(subnetId, poolId)) continue;
        emptyGauges(pool, now);
        pools.delete(poolId);
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
      for (const [poolId, pool] of pools) yield* prefixed(`subnet[${subnetId}].pool[${poolId}].`, pool);
    }
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
      level[name] = new Statistic(kind, parents[name], this.#started);
    }
    return level as Level<D>;
  }
}

function emptyGauges(level: Readonly<Record<string, Statistic>>, now: Seconds): void {
  for (const statistic of Object.values(level)) if (statistic.kind === "gauge") statistic.set(0, now);
}

function* prefixed(prefix: string, level: Readonly<Record<string, Statistic>>): Generator<[string, Statistic]> {
  for (const [name, statistic] of Object.entries(level)) yield [prefix + name, statistic];
}
