/** Whose statistics they are: the daemon as a whole, a subnet, or a pool. */
import type { Seconds } from "../base/clock.ts";
import type { Sample, Statistic, StatisticDefinition } from "./statistic.ts";

export type Definitions = Readonly<Record<string, StatisticDefinition>>;

export type Level<D extends Definitions> = { readonly [Name in keyof D]: Statistic };

/** Makes a statistic of a scope; the one of the same name a level up counts along. */
export type Make = (definition: StatisticDefinition, parent: Statistic | undefined) => Statistic;

/** Most of ten thousand subnets are idle: statistics are made when something counts. */
export class StatisticScope<D extends Definitions = Definitions> {
  isListed = false;
  readonly #definitions: D;
  readonly #parent: StatisticScope | undefined;
  readonly #make: Make;
  /** What has been made of it. */
  readonly #made = new Map<string, Statistic>();
  #level: Level<D> | undefined;

  constructor(definitions: D, parent: StatisticScope | undefined, make: Make) {
    this.#definitions = definitions;
    this.#parent = parent;
    this.#make = make;
  }

  /** All its statistics. */
  get level(): Level<D> {
    this.#level ??= Object.fromEntries(
      Object.keys(this.#definitions).map((name) => [name, this.#statistic(name)]),
    ) as Level<D>;
    return this.#level;
  }

  get made(): Iterable<Statistic> {
    return this.#made.values();
  }

  /** What a statistic is now, if it has not been removed; makes none. */
  value(name: string): number | bigint | undefined {
    const statistic = this.#made.get(name);
    if (statistic !== undefined) return statistic.isRemoved ? undefined : statistic.value;
    const isThere = Object.hasOwn(this.#definitions, name) && this.#definitions[name]!.listed !== "changed";
    return isThere ? 0 : undefined;
  }

  setSize(name: string, size: number | bigint, now: Seconds): void {
    const statistic = this.#statistic(name);
    if (statistic.isRemoved || statistic.value !== size) statistic.set(size, now);
  }

  /**
   * Those that are listed.
   * @param prefix put before their names
   * @param untouched of what nothing has happened to
   */
  *read(prefix: string, untouched: readonly Sample[]): Generator<[name: string, samples: readonly Sample[]]> {
    for (const name in this.#definitions) {
      const statistic = this.#made.get(name);
      if (statistic?.isListed === true) yield [prefix + name, statistic.samples()];
      else if (statistic === undefined && this.#definitions[name]!.listed === "always")
        yield [prefix + name, untouched];
    }
  }

  /** It counts on, but should it ever come back, only what there is then will be known of it. */
  unlist(now: Seconds): void {
    if (!this.isListed) return;
    this.isListed = false;
    for (const statistic of this.made) {
      if (statistic.kind === "size") statistic.set(0, now);
      statistic.reset(now);
    }
  }

  get holdsNothing(): boolean {
    for (const { kind, value } of this.made) if (kind === "gauge" && value !== 0) return false;
    return true;
  }

  #statistic(name: string): Statistic {
    let statistic = this.#made.get(name);
    if (statistic === undefined) {
      const parent = this.#parent;
      const above =
        parent !== undefined && Object.hasOwn(parent.#definitions, name) ? parent.#statistic(name) : undefined;
      statistic = this.#make(this.#definitions[name]!, above);
      this.#made.set(name, statistic);
    }
    return statistic;
  }
}
