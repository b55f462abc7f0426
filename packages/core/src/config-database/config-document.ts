/** A configuration as a database has it and as a file has it: one made of the other. */
import type { ConfigTree, TreeTypes } from "../config/edit/config-tree.ts";
import { keaHex } from "../config/schema/kea-values.ts";
import { completeOptions } from "../hosts/sql/complete-options.ts";
import type { OptionDataEntry } from "../options/compile-entry.ts";
import { compileOptionDefs, type OptionDefEntry, type OptionSpaces } from "../options/option-spaces.ts";
import type { ConfigDatabase, StoredChange, StoredConfig, StoredEntry } from "./config-database.ts";
import { isStorable, STORABLE_MAPS } from "./merge-globals.ts";
import type { ConfigColumn } from "./tables/config-column.ts";
import type { ConfigTables } from "./tables/config-tables.ts";

type KeyedMap = Readonly<Record<string, unknown>>;

/** What a database has room for. */
export type TableRoom = Pick<ConfigDatabase, "tables" | "greatestDefinedCode">;

export interface ConfigChanges {
  readonly changes: readonly StoredChange[];
  /** Keys of the global scope that belong into the file. */
  readonly kept: readonly string[];
  /** What the tables have no place for: `subnet4[2].reservations`. */
  readonly lost: readonly string[];
}

/**
 * What has to be put into a database so that it has what a file has.
 * @param config the file, checked
 * @param given the same as it was scanned: without defaults
 * @param tag of the server that it is for
 */
export function changesOfConfig<T extends TreeTypes>(
  tree: ConfigTree<T>,
  config: T["config"],
  given: KeyedMap,
  tag: string,
  room: TableRoom,
): ConfigChanges {
  const collector = new ChangeCollector(tree, config as KeyedMap, tag, room);
  for (const [key, value] of Object.entries(given)) collector.addGlobal(key, value);
  collector.addLists();
  return collector;
}

class ChangeCollector<T extends TreeTypes> implements ConfigChanges {
  readonly changes: StoredChange[] = [];
  readonly kept: string[] = [];
  readonly lost: string[] = [];
  readonly #tree: ConfigTree<T>;
  readonly #config: KeyedMap;
  readonly #tag: string;
  readonly #tables: ConfigTables;
  readonly #definitions: readonly OptionDefEntry[];
  readonly #spaces: OptionSpaces;
  /** Options whose definitions have no room. */
  readonly #undefinable: ReadonlySet<string>;

  constructor(tree: ConfigTree<T>, config: KeyedMap, tag: string, { tables, greatestDefinedCode }: TableRoom) {
    this.#tree = tree;
    this.#config = config;
    this.#tag = tag;
    this.#tables = tables;
    this.#definitions = config["option-def"] as readonly OptionDefEntry[];
    const tooGreat = this.#definitions.filter(({ code }) => code > greatestDefinedCode);
    this.#undefinable = new Set(tooGreat.map(({ space, code }) => `${space} ${code}`));
    this.#spaces = compileOptionDefs(this.#definitions, tree.family.spaces!).spaces;
  }

  addGlobal(key: string, value: unknown): void {
    if (["option-def", "option-data", "client-classes", "shared-networks", this.#tree.key].includes(key)) return;
    const tag = this.#tag;
    if (typeof value === "object" && value !== null && STORABLE_MAPS.has(key)) {
      for (const [inner, each] of Object.entries(value)) {
        const name = `${key}.${inner}`;
        if (typeof each === "object") this.kept.push(name);
        else this.changes.push({ set: "global", name, value: each, tag });
      }
    } else if ((typeof value === "object" && value !== null) || !isStorable(key)) this.kept.push(key);
    else if (value !== null) this.changes.push({ set: "global", name: key, value, tag });
  }

  addLists(): void {
    const tags = [this.#tag];
    const definitions = this.#definitions as readonly unknown[] as readonly StoredEntry[];
    definitions.map(withRemarks).forEach((entry, i) => {
      if (this.#undefinable.has(`${entry["space"]} ${entry["code"]}`)) this.lost.push(`option-def[${i}]`);
      else this.changes.push({ set: "optionDef", entry, tag: this.#tag });
    });
    for (const entry of this.#options(this.#config, this.#spaces, "")) {
      this.changes.push({ set: "option", entry, owner: { scope: "global", tag: this.#tag } });
    }
    this.#list(this.#config, "client-classes").forEach((each, i) => {
      const own = [...this.#definitions, ...((each["option-def"] ?? []) as readonly OptionDefEntry[])];
      const { spaces } = compileOptionDefs(own, this.#tree.family.spaces!);
      const entry = this.#entry(each, this.#tables.class, ["name", "option-def"], `client-classes[${i}]`, spaces);
      this.changes.push({ set: "class", entry, tags });
    });
    this.#list(this.#config, "shared-networks").forEach((network, i) => {
      const at = `shared-networks[${i}]`;
      const entry = this.#entry(network, this.#tables.network, ["name"], at);
      this.changes.push({ set: "network", entry, tags });
      this.#addSubnets(network, String(network["name"]), `${at}.`);
    });
    this.#addSubnets(this.#config, null, "");
  }

  #addSubnets(holder: KeyedMap, network: string | null, within: string): void {
    this.#list(holder, this.#tree.key).forEach((subnet, i) => {
      const at = `${within}${this.#tree.key}[${i}]`;
      const structure = ["id", "subnet", "pools", "pd-pools"];
      const entry = {
        ...this.#entry(subnet, this.#tables.subnet, structure, at),
        "shared-network-name": network,
        pools: this.#list(subnet, "pools").map((pool, j) =>
          this.#entry(pool, this.#tables.pool, ["pool"], `${at}.pools[${j}]`),
        ),
        "pd-pools": this.#list(subnet, "pd-pools").map((pool, j) =>
          this.#entry(pool, this.#tables.pdPool ?? [], [], `${at}.pd-pools[${j}]`),
        ),
      };
      this.changes.push({ set: "subnet", entry, tags: [this.#tag] });
    });
  }

  #list(map: KeyedMap, key: string): readonly KeyedMap[] {
    return (map[key] ?? []) as readonly KeyedMap[];
  }

  /** With options as tables want them. @param structure keys that have a place beside the columns */
  #entry(
    map: KeyedMap,
    columns: readonly ConfigColumn[],
    structure: readonly string[],
    at: string,
    spaces = this.#spaces,
  ): StoredEntry {
    const known = new Set([...columns.map(({ key }) => key), ...structure]);
    const entry: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(withRemarks(map))) {
      if (known.has(key)) entry[key] = value;
      else if (!WITHOUT_COLUMN.has(key) && !isNothing(value)) this.lost.push(`${at}.${key}`);
    }
    return { ...entry, "option-data": this.#options(map, spaces, `${at}.`) };
  }

  #options(map: KeyedMap, spaces: OptionSpaces, at: string): readonly StoredEntry[] {
    const options = completeOptions(this.#list(map, "option-data") as readonly OptionDataEntry[], spaces);
    // As in a file the later of two counts.
    const last = new Map(options.map((each) => [`${each.space} ${each.code} ${each["client-classes"]}`, each]));
    return [...last.values()].flatMap((option, i) => {
      const { name: _, "client-classes": classes = [], ...entry } = option;
      const { data = "" } = option;
      const isText = option["csv-format"] === true && data !== "";
      const kept = withRemarks({ ...entry, data: isText ? data : keaHex(data), "csv-format": isText });
      const isDefinable = !this.#undefinable.has(`${option.space} ${option.code}`);
      if (classes.length === 0 && isDefinable) return [kept];
      if (this.#tables.hasOptionClasses && isDefinable) return [{ ...kept, "client-classes": classes }];
      // Without its classes everybody would have it.
      this.lost.push(`${at}option-data[${i}]`);
      return [];
    });
  }
}

const WITHOUT_COLUMN: ReadonlySet<string> = new Set(["option-data", "metadata", "subnet4", "subnet6"]);

/** Kea keeps a comment in `user-context`. */
function withRemarks({ comment, ...map }: KeyedMap): StoredEntry {
  if (comment === undefined) return map;
  return { ...map, "user-context": { ...(map["user-context"] as object | undefined), comment } };
}

/** What the tables say by saying nothing. */
function isNothing(value: unknown): boolean {
  return (
    value === undefined ||
    value === "" ||
    value === 0 ||
    value === false ||
    (Array.isArray(value) && value.length === 0)
  );
}

/** What a database has for a server, as a file would have it. */
export function documentOfStored<T extends TreeTypes>({ key, family }: ConfigTree<T>, stored: StoredConfig): object {
  const map: Record<string, unknown> = {};
  for (const { name, value } of stored.globals) {
    const [outer, inner] = String(name).split(".") as [string, string?];
    map[outer] = inner === undefined ? value : { ...(map[outer] as object | undefined), [inner]: value };
  }
  const lists = [
    ["option-def", stored.optionDefs],
    ["option-data", stored.options],
    ["client-classes", stored.classes],
  ] as const;
  for (const [name, entries] of lists) if (entries.length > 0) map[name] = entries;
  const subnetsOf = (network: unknown) =>
    stored.subnets.filter((each) => each["shared-network-name"] === network).map(withoutMarks);
  if (stored.networks.length > 0) {
    map["shared-networks"] = stored.networks.map((network) => ({
      ...withoutMarks(network),
      [key]: subnetsOf(network["name"]),
    }));
  }
  const names = new Set(stored.networks.map(({ name }) => name));
  const outside = stored.subnets.filter((each) => !names.has(each["shared-network-name"]));
  if (outside.length > 0) map[key] = outside.map(withoutMarks);
  return { [family.root]: map };
}

function withoutMarks({ metadata: _, "shared-network-name": __, ...entry }: StoredEntry): StoredEntry {
  return entry;
}
