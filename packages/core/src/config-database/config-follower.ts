/** Keeps a configuration in step with a database: everything at first, and then what has changed. */
import { atOnce, type Run } from "../base/steps.ts";
import type { ConfigTree, TreeTypes } from "../config/edit/config-tree.ts";
import type { AuditEntry, ConfigDatabase, StoredConfig, StoredSelection } from "./config-database.ts";
import { type MergedConfig, mergeStored, type StoredMerge } from "./merge-stored.ts";
import { ALL_SERVERS, KEPT_CHANGES } from "./select-stored.ts";
import type { TablesOf } from "./tables/config-tables.ts";

/** What the families do differently. */
export interface StoredFamily<T extends TreeTypes> {
  readonly tree: ConfigTree<T>;
  /** One for all spellings of a prefix. */
  prefixKey(text: string): number | string;
  readonly tables: TablesOf;
}

export interface FollowedConfig<Config> {
  readonly config: Config;
  /** What is left out, and why. */
  readonly faults: readonly string[];
  /** It is in force. */
  accept(): void;
}

/** Of so many subnets and networks it is quicker to load all. */
const MANY = 1000;

type ChangedIds = Readonly<Record<keyof StoredSelection, readonly number[]>>;

const CHANGED_ALONE: ReadonlySet<string> = new Set(["subnet", "shared_network"]);

export class ConfigFollower<T extends TreeTypes> {
  readonly #family: Pick<StoredFamily<T>, "tree" | "prefixKey">;
  readonly #check: StoredMerge<T>["check"];
  readonly #database: ConfigDatabase;
  readonly #whose: readonly string[];
  /** What the file has. */
  readonly #base: T["config"];
  /** Of the configuration in force, what is out of the database. */
  #overlaid: ReadonlySet<string> = new Set();
  #subnets = new Set<number>();
  #networks = new Map<number, string>();
  /** Whether rows are left out: any change may bring them in. */
  #isFaulty = false;
  /** The last changes that are in force. */
  #changes = new Set<number>();

  constructor(
    family: Pick<StoredFamily<T>, "tree" | "prefixKey">,
    check: StoredMerge<T>["check"],
    database: ConfigDatabase,
    tag: string,
    base: T["config"],
  ) {
    this.#family = family;
    this.#check = check;
    this.#database = database;
    const own = tag.trim().toLowerCase();
    this.#whose = own === "" ? [ALL_SERVERS] : [ALL_SERVERS, own];
    this.#base = base;
  }

  /**
   * The file's configuration with all that the database has.
   * @param run the steps of a merge
   * @param meanwhile what is done while the database answers
   * @throws Error in words
   */
  async load(run: Run, meanwhile?: () => Promise<unknown>): Promise<FollowedConfig<T["config"]>> {
    const stored = await this.#database.load(this.#whose, undefined, run, meanwhile);
    const merged = await run(mergeStored({ ...this.#merge(this.#base, stored), isBesideService: run !== atOnce }));
    return this.#followed(merged, stored, () => {
      this.#subnets.clear();
      this.#networks.clear();
      this.#changes = new Set(stored.changes);
    });
  }

  /** @param current the one in force @returns `undefined` where nothing has changed @throws Error in words */
  async update(current: T["config"], run: Run): Promise<FollowedConfig<T["config"]> | undefined> {
    const since = this.#changes.size < KEPT_CHANGES ? 0 : Math.min(...this.#changes) - 1;
    const found = await this.#database.changesAfter(since);
    const changes = found.filter(({ id }) => !this.#changes.has(id));
    if (changes.length === 0) return undefined;
    const selection = this.#select(changes);
    const stored = await this.#database.load(this.#whose, selection, run);
    const isGone = (id: number) => selection === undefined || selection.subnets.includes(id);
    const isNetworkGone = (id: number) => selection === undefined || selection.networks.includes(id);
    const goneSubnets = [...this.#subnets].filter((id) => isGone(id) && !stored.subnetIds.has(id));
    const goneNetworks = [...this.#networks].filter(
      ([id, name]) => isNetworkGone(id) && stored.networkIds.get(id) !== name,
    );
    const merged = await run(
      mergeStored({
        ...this.#merge(current, stored),
        isGlobalSame: selection !== undefined,
        goneSubnets: new Set(goneSubnets),
        goneNetworks: new Set(goneNetworks.map(([, name]) => name)),
      }),
    );
    return this.#followed(merged, stored, () => {
      for (const id of goneSubnets) this.#subnets.delete(id);
      for (const [id] of goneNetworks) this.#networks.delete(id);
      // What has changed since they were listed may not be in what was loaded.
      const all = [...this.#changes, ...changes.map(({ id }) => id)].sort((a, b) => b - a);
      this.#changes = new Set(all.slice(0, KEPT_CHANGES));
    });
  }

  #merge(current: T["config"], stored: StoredConfig): StoredMerge<T> {
    const [isGlobalSame, isBesideService] = [false, true];
    const [goneSubnets, goneNetworks] = [new Set<number>(), new Set<string>()];
    const parts = { base: this.#base, current, overlaid: this.#overlaid, check: this.#check };
    const { tree, prefixKey } = this.#family;
    return { tree, prefixKey, ...parts, stored, isGlobalSame, isBesideService, goneSubnets, goneNetworks };
  }

  /** What to load again; `undefined` for all. */
  #select(changes: readonly AuditEntry[]): ChangedIds | undefined {
    if (this.#isFaulty) return undefined;
    if (changes.some(({ table }) => !CHANGED_ALONE.has(table))) return undefined;
    const ids = (table: string) => [
      ...new Set(changes.flatMap((change) => (change.table === table ? [change.objectId] : []))),
    ];
    const selection = { subnets: ids("subnet"), networks: ids("shared_network") };
    return selection.subnets.length + selection.networks.length > MANY ? undefined : selection;
  }

  /** @param forget what is no longer in the database */
  #followed(
    { config, overlaid, faults }: MergedConfig<T["config"]>,
    { subnetIds, networkIds }: StoredConfig,
    forget: () => void,
  ): FollowedConfig<T["config"]> {
    const accept = () => {
      forget();
      for (const id of subnetIds) this.#subnets.add(id);
      for (const [id, name] of networkIds) this.#networks.set(id, name);
      this.#overlaid = overlaid;
      this.#isFaulty = faults.length > 0;
    };
    return { config, faults, accept };
  }
}
