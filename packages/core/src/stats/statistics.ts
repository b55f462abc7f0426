/**
 * All statistics of a daemon under Kea's names: global ones, and those of each subnet and pool. Counted are all scopes
 * that leases speak of, listed only those of the configuration: so a reload needs no recount.
 */
import type { Seconds } from "../base/clock.ts";
import { atOnce } from "../base/steps.ts";
import { SAMPLES, type Sample, type SampleLimit, Statistic } from "./statistic.ts";
import { type Definitions, type Level, type Make, StatisticScope } from "./statistic-scope.ts";

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
  /** What its pools are read from: where it is the object that it was the last time, they are the same. */
  readonly source?: object;
  /** Those with one id are counted as one. */
  readonly pools: readonly { readonly kind: PoolKind; readonly id: number; readonly size: bigint }[];
}

class Subnet<Table extends StatisticTable> extends StatisticScope<Table["subnet"]> {
  readonly pools: Readonly<Record<PoolKind, Map<number, StatisticScope>>> = { pool: new Map(), "pd-pool": new Map() };
  /** What it is listed from. */
  source: object | undefined;
}

/** With its full name. */
export type ReadStatistic = readonly [name: string, samples: readonly Sample[]];

/** How many subnets are taken over between two chances for other work. */
const SLICE = 100;

const REPORTED = { kind: "gauge", doc: "", listed: "changed" } as const;

export class Statistics<Table extends StatisticTable> {
  /** Plain properties, for the packet path: `statistics.global["pkt4-received"].add(1, now)`. */
  readonly global: Level<Table["global"]>;
  readonly table: Table;
  readonly #untouched: readonly Sample[];
  readonly #make: Make;
  readonly #global: StatisticScope<Table["global"]>;
  readonly #subnets = new Map<number, Subnet<Table>>();
  /** Listed ones that nobody has counted in, or asked for, and since when they are listed: most of ten thousand. */
  readonly #idle = new Map<number, { readonly listed: ListedSubnet; readonly since: Seconds }>();
  /** Of subnets, in the order of the names of their statistics. */
  #listedIds: readonly number[] = [];
  /** What extensions report, by their full names. */
  readonly #reported = new Map<string, Statistic>();
  #limit = SAMPLES;

  constructor(table: Table, now: Seconds) {
    this.table = table;
    this.#untouched = [{ value: 0, time: now }];
    this.#make = (definition, parent) => {
      const statistic = new Statistic(definition, parent, now);
      if (this.#limit !== SAMPLES) statistic.limitSamples(this.#limit);
      return statistic;
    };
    this.#global = new StatisticScope(table.global, undefined, this.#make);
    this.global = this.#global.level;
  }

  /** Sets a statistic that is in no table: an extension's. */
  report(name: string, value: number, now: Seconds): void {
    let statistic = this.#reported.get(name);
    if (statistic === undefined) {
      statistic = this.#make(REPORTED, undefined);
      this.#reported.set(name, statistic);
    }
    statistic.set(value, now);
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

  /**
   * From now on these are listed, with their sizes, and no others. In steps that leave room for packets.
   * @param limit as of `limitSamples`
   */
  *list(subnets: Iterable<ListedSubnet>, now: Seconds, limit: SampleLimit = this.#limit): Generator<void> {
    yield* this.#limitSamples(limit);
    const listed = new Set<number>();
    for (const each of subnets) {
      const { id, source } = each;
      const subnet = this.#subnets.get(id);
      if (subnet !== undefined) this.#list(subnet, each, now);
      else if (source === undefined || source !== this.#idle.get(id)?.listed.source) {
        this.#idle.set(id, { listed: each, since: now });
      }
      listed.add(id);
      if (listed.size % SLICE === 0) yield;
    }
    yield;
    for (const id of this.#idle.keys()) if (!listed.has(id)) this.#idle.delete(id);
    for (const [id, subnet] of this.#subnets) {
      if (listed.has(id)) continue;
      subnet.source = undefined;
      for (const kind of POOL_KINDS) unlistOthers(subnet.pools[kind], new Set(), now);
    }
    unlistOthers(this.#subnets, listed, now);
    yield;
    const before = this.#listedIds;
    if (before.length === listed.size && before.every((id) => listed.has(id))) return;
    yield;
    this.#listedIds = Array.from(listed, (id) => `${id}]`)
      .sort()
      .map(Number.parseFloat);
  }

  /** Every statistic that can be found, with its full name: `subnet[1].pool[0].assigned-addresses`. */
  *entries(): Generator<[name: string, statistic: Statistic]> {
    for (const [prefix, { level }] of this.#listed()) {
      for (const [name, statistic] of Object.entries<Statistic>(level)) {
        if (!statistic.isRemoved) yield [prefix + name, statistic];
      }
    }
    for (const [name, statistic] of this.#reported) if (!statistic.isRemoved) yield [name, statistic];
  }

  /** Those of the whole server, in the order of their names. */
  readGlobal(): readonly ReadStatistic[] {
    const reported = [...this.#reported].flatMap(([name, statistic]): ReadStatistic[] =>
      statistic.isListed ? [[name, statistic.samples()]] : [],
    );
    return sorted([...this.#global.read("", this.#untouched), ...reported]);
  }

  /** What those are that are listed, in the order of their full names, those of a subnet together; makes none. */
  *read(): Generator<readonly ReadStatistic[]> {
    const all = this.readGlobal();
    const end = all.findIndex(([name]) => name > "subnet[");
    const isLast = end === -1;
    yield isLast ? all : all.slice(0, end);
    for (const id of this.#listedIds) {
      const subnet = this.#find(id);
      // It is read a subnet at a time: meanwhile another configuration may have come.
      if (subnet?.isListed !== true) continue;
      const prefix = `subnet[${id}].`;
      const read = [...subnet.read(prefix, this.#untouched)];
      for (const kind of POOL_KINDS) {
        for (const [inner, pool] of prefixed(kind, subnet.pools[kind])) {
          read.push(...pool.read(prefix + inner, this.#untouched));
        }
      }
      yield sorted(read);
    }
    if (!isLast) yield all.slice(end);
  }

  /**
   * What a statistic is now: of the server, or of a subnet or a pool of addresses that is listed. Makes none.
   * @returns `undefined` where there is none
   */
  value(name: string, subnetId?: number, poolId?: number): number | bigint | undefined {
    if (subnetId === undefined) return this.#global.value(name);
    const subnet = this.#find(subnetId);
    if (subnet?.isListed !== true) return undefined;
    if (poolId === undefined) return subnet.value(name);
    const pool = subnet.pools.pool.get(poolId);
    return pool?.isListed === true ? pool.value(name) : undefined;
  }

  /** By its full name. */
  find(name: string): Statistic | undefined {
    const reported = this.#reported.get(name);
    if (reported !== undefined) return reported.isRemoved ? undefined : reported;
    const [, subnetId, kind, poolId, last] =
      /^(?:subnet\[(\d+)\]\.(?:(pool|pd-pool)\[(\d+)\]\.)?)?([^.]*)$/.exec(name) ?? [];
    if (last === undefined) return undefined;
    let level: Level<Definitions> | undefined = this.global;
    if (subnetId !== undefined) {
      const subnet = this.#find(Number(subnetId));
      const pools = subnet?.pools[kind === "pd-pool" ? kind : "pool"];
      const scope = kind === undefined ? subnet : pools?.get(Number(poolId));
      level = subnet?.isListed === true && scope?.isListed === true ? scope.level : undefined;
    }
    const statistic = level !== undefined && Object.hasOwn(level, last) ? level[last] : undefined;
    return statistic?.isRemoved === true ? undefined : statistic;
  }

  /** Of all that there are and will be. */
  limitSamples(limit: SampleLimit): void {
    atOnce(this.#limitSamples(limit));
  }

  *#limitSamples(limit: SampleLimit): Generator<void, void> {
    this.#limit = limit;
    let count = 0;
    for (const scope of this.#scopes()) {
      for (const statistic of scope.made) statistic.limitSamples(limit);
      if (++count % SLICE === 0) yield;
    }
  }

  *#scopes(): Generator<StatisticScope> {
    yield this.#global;
    for (const subnet of this.#subnets.values()) {
      yield subnet;
      for (const kind of POOL_KINDS) yield* subnet.pools[kind].values();
    }
  }

  *#listed(): Generator<[prefix: string, scope: StatisticScope]> {
    yield ["", this.#global];
    for (const id of [...this.#idle.keys()]) this.#find(id);
    for (const [prefix, subnet] of prefixed("subnet", this.#subnets)) {
      yield [prefix, subnet];
      for (const kind of POOL_KINDS) {
        for (const [inner, pool] of prefixed(kind, subnet.pools[kind])) yield [prefix + inner, pool];
      }
    }
  }

  #subnet(id: number): Subnet<Table> {
    let subnet = this.#find(id);
    if (subnet === undefined) {
      subnet = new Subnet<Table>(this.table.subnet, this.#global, this.#make);
      this.#subnets.set(id, subnet);
    }
    return subnet;
  }

  #find(id: number): Subnet<Table> | undefined {
    const subnet = this.#subnets.get(id);
    const idle = subnet === undefined ? this.#idle.get(id) : undefined;
    if (idle === undefined) return subnet;
    this.#idle.delete(id);
    this.#list(this.#subnet(id), idle.listed, idle.since);
    return this.#subnets.get(id);
  }

  #pool(kind: PoolKind, subnet: Subnet<Table>, id: number): StatisticScope {
    const pools = subnet.pools[kind];
    let pool = pools.get(id);
    if (pool === undefined) {
      pool = new StatisticScope(this.table[kind] ?? {}, subnet, this.#make);
      pools.set(id, pool);
    }
    return pool;
  }

  #list(subnet: Subnet<Table>, listed: ListedSubnet, now: Seconds): void {
    if (listed.source !== undefined && listed.source === subnet.source) return;
    const { pools } = listed;
    subnet.source = listed.source;
    subnet.isListed = true;
    for (const kind of POOL_KINDS) {
      const sizes = new Map<number, bigint>();
      for (const pool of pools) if (pool.kind === kind) sizes.set(pool.id, (sizes.get(pool.id) ?? 0n) + pool.size);
      for (const [poolId, size] of sizes) {
        const pool = this.#pool(kind, subnet, poolId);
        pool.isListed = true;
        this.#setSize(kind, pool, size, now);
      }
      const total = [...sizes.values()].reduce((sum, size) => sum + size, 0n);
      this.#setSize(kind, subnet, total, now);
      unlistOthers(subnet.pools[kind], sizes, now);
    }
  }

  /** Sets what tells the size of pools of a kind, in the pool and in its subnet alike. */
  #setSize(kind: PoolKind, scope: StatisticScope, total: bigint, now: Seconds): void {
    const size = total <= Number.MAX_SAFE_INTEGER ? Number(total) : total;
    for (const [name, definition] of Object.entries(this.table[kind] ?? {})) {
      if (definition.kind === "size") scope.setSize(name, size, now);
    }
  }
}

/** Scopes that hold nothing are forgotten. */
function unlistOthers<P extends StatisticScope>(
  scopes: Map<number, P>,
  listed: { has(id: number): boolean },
  now: Seconds,
): void {
  for (const [id, scope] of scopes) {
    if (listed.has(id)) continue;
    scope.unlist(now);
    if (scope.holdsNothing) scopes.delete(id);
  }
}

/** Those that are listed. */
function* prefixed<P extends StatisticScope>(
  kind: string,
  scopes: ReadonlyMap<number, P>,
): Generator<[prefix: string, scope: P]> {
  for (const [id, scope] of scopes) if (scope.isListed) yield [`${kind}[${id}].`, scope];
}

function sorted<E extends readonly [name: string, of: unknown]>(entries: Iterable<E>): E[] {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
}
