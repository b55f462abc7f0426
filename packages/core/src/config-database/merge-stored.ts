/** A configuration with what a database has for it: Kea's rules of what counts, and what is wrong is left out and told. */
import { newIn } from "../config/edit/check-edit.ts";
import type { ConfigTree, TreeTypes } from "../config/edit/config-tree.ts";
import { type ConfigFault, formatFault, type Pointer } from "../config/fault.ts";
import { deepFreeze } from "../config/load/load-config.ts";
import type { StoredConfig, StoredEntry } from "./config-database.ts";
import { mergeGlobals } from "./merge-globals.ts";
import { StoredParser } from "./parse-stored.ts";

export interface StoredMerge<T extends TreeTypes> {
  readonly tree: ConfigTree<T>;
  /** One for all spellings of a prefix. */
  prefixKey(text: string): number | string;
  /** Of whole configurations. */
  readonly check: ConfigTree<T>["family"]["check"];
  /** What the file has. */
  readonly base: T["config"];
  /** What is in force; the same at first. */
  readonly current: T["config"];
  /** Keys of the global scope of `current` that are out of the database. */
  readonly overlaid: ReadonlySet<string>;
  readonly stored: StoredConfig;
  /** Whether only subnets and networks have changed. */
  readonly isGlobalSame: boolean;
  /** Whether clients are served meanwhile: a step is short then. */
  readonly isBesideService: boolean;
  /** Out of the database, and no longer in it. */
  readonly goneSubnets: ReadonlySet<number>;
  readonly goneNetworks: ReadonlySet<string>;
}

export interface MergedConfig<Config> {
  readonly config: Config;
  readonly overlaid: ReadonlySet<string>;
  /** What is left out, and why. */
  readonly faults: readonly string[];
}

/** Entries that are parsed, or looked at, at a time: half a millisecond or so. */
const PIECE = 10;
const LOOKED_AT = 500;
/** Subnets that are checked at a time beside service; each time the global scope is checked with them. */
const CHECKED = 20;

/** As of `mergeGlobals`. */
const MAX_ROUNDS = 8;

/**
 * In steps that leave room for packets.
 * @throws Error in words, where what the file has does not go with the rest
 */
export function* mergeStored<T extends TreeTypes>(merge: StoredMerge<T>): Generator<void, MergedConfig<T["config"]>> {
  const { tree, stored, check, current } = merge;
  const parser = new StoredParser(tree, stored.origins);
  parser.faults.push(...stored.faults);
  const global = merge.isGlobalSame
    ? { config: current, overlaid: merge.overlaid }
    : mergeGlobals(tree, merge, stored, parser, check);
  yield;
  const networks = yield* parse<T, T["network"]>(parser, "shared-networks", stored.networks);
  const subnets = yield* parse<T, T["subnet"]>(parser, tree.key, stored.subnets);
  const dropped = new Set<StoredEntry>();
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const [kept, keptSubnets] = [keep(networks, dropped), keep(subnets, dropped)];
    const config = yield* assemble(merge, global.config, kept, keptSubnets, (entry, fault) => {
      if (!dropped.has(entry)) parser.tell(entry, fault);
      dropped.add(entry);
    });
    yield;
    const before = merge.isGlobalSame ? current : undefined;
    let isSound = true;
    for (const fault of yield* checkScopes(merge, before, config)) {
      const { entry, pointer } = locate(config, fault.pointer, parser);
      const other = fault.other && locate(config, fault.other, parser);
      const rival = other?.entry;
      if (rival !== undefined && dropped.has(rival)) continue;
      if (entry === undefined && rival === undefined) throw new Error(formatFault(fault));
      isSound = false;
      const row = rival && parser.rowOf(rival, other!.pointer).row;
      if (!dropped.has(entry ?? rival!)) parser.tell(entry ?? rival!, { ...fault, pointer }, row);
      dropped.add(entry ?? rival!);
    }
    if (isSound) {
      yield;
      return { config: deepFreeze(config), overlaid: global.overlaid, faults: parser.faults };
    }
  }
  throw new Error("too much is wrong in subnets and shared networks");
}

type Parsed<Value> = readonly (readonly [parsed: Value, entry: StoredEntry])[];

function* parse<T extends TreeTypes, Value extends object>(
  parser: StoredParser<T>,
  key: string,
  entries: readonly StoredEntry[],
): Generator<void, Parsed<Value>> {
  const parsed: (readonly [Value, StoredEntry])[] = [];
  for (let at = 0; at < entries.length; at += PIECE) {
    // Frozen here, so that there is little to freeze in the whole.
    for (const each of parser.entries<Value>(key, entries.slice(at, at + PIECE), withoutNetwork)) {
      deepFreeze(each[0]);
      parsed.push(each);
    }
    yield;
  }
  return parsed;
}

/** Which network a subnet is in is no key of a file. */
function withoutNetwork({ "shared-network-name": _, ...entry }: StoredEntry): object {
  return entry;
}

function keep<Value>(parsed: Parsed<Value>, dropped: ReadonlySet<StoredEntry>): Parsed<Value> {
  return dropped.size === 0 ? parsed : parsed.filter(([, entry]) => !dropped.has(entry));
}

/** The configuration with the networks and subnets: those of the same name, id or prefix give way. */
function* assemble<T extends TreeTypes>(
  { tree, prefixKey, goneSubnets, goneNetworks }: StoredMerge<T>,
  config: T["config"],
  networks: Parsed<T["network"]>,
  subnets: Parsed<T["subnet"]>,
  refuse: (entry: StoredEntry, fault: ConfigFault) => void,
): Generator<void, T["config"]> {
  const made = new Map(networks.map(([network]) => [network.name, network]));
  const names = new Set([...tree.networksOf(config).map(({ name }) => name), ...made.keys()]);
  for (const name of goneNetworks) if (!made.has(name)) names.delete(name);
  /** New ones, by the network that they are in. */
  const placed = new Map<string | null, Map<number, T["subnet"]>>();
  const ids = new Set(goneSubnets);
  const prefixOf = (subnet: T["subnet"]) => {
    let key = prefixKeys.get(subnet);
    if (key === undefined) {
      key = prefixKey(subnet.subnet);
      prefixKeys.set(subnet, key);
    }
    return key;
  };
  const prefixes = new Set<number | string>();
  for (let i = 0; i < subnets.length; i++) {
    if (i % LOOKED_AT === 0) yield;
    const [subnet, entry] = subnets[i]!;
    const name = entry["shared-network-name"] as string | null;
    if (name !== null && !names.has(name)) {
      const message = "is no shared network of this server";
      const fix = "make the network, or give it to this server, too";
      refuse(entry, { pointer: ["shared-network-name"], value: name, message, fix, severity: "error" });
      continue;
    }
    const prefix = prefixKey(subnet.subnet);
    if (prefixes.has(prefix)) {
      const message = "is the prefix of another subnet of this server, too";
      refuse(entry, {
        pointer: ["subnet"],
        value: subnet.subnet,
        message,
        fix: "delete one of the two",
        severity: "error",
      });
      continue;
    }
    const together = placed.get(name);
    if (together === undefined) placed.set(name, new Map([[subnet.id, subnet]]));
    else together.set(subnet.id, subnet);
    ids.add(subnet.id);
    prefixes.add(prefix);
  }
  const place = function* (
    name: string | null,
    former: readonly T["subnet"][],
  ): Generator<void, readonly T["subnet"][]> {
    // Each name comes once.
    const added = placed.get(name) ?? new Map<number, T["subnet"]>();
    const all: T["subnet"][] = [];
    let isSame = added.size === 0;
    for (let i = 0; i < former.length; i++) {
      if (i % LOOKED_AT === 0) yield;
      const each = former[i]!;
      const same = added.get(each.id);
      if (same !== undefined) {
        added.delete(each.id);
        all.push(same);
      } else if (ids.has(each.id) || prefixes.has(prefixOf(each))) isSame = false;
      else all.push(each);
    }
    for (const each of added.values()) all.push(each);
    return isSame ? former : all;
  };
  const withPlaced = function* (network: T["network"], former: readonly T["subnet"][]): Generator<void, T["network"]> {
    const all = yield* place(network.name, former);
    return all === tree.subnetsOf(network) ? network : tree.withSubnets(network, all);
  };
  const all: T["network"][] = [];
  let freed: readonly T["subnet"][] = [];
  for (const network of tree.networksOf(config)) {
    const former = tree.subnetsOf(network);
    const next = made.get(network.name);
    made.delete(network.name);
    if (next !== undefined) all.push(yield* withPlaced(next, former));
    else if (names.has(network.name)) all.push(yield* withPlaced(network, former));
    else freed = [...freed, ...former];
  }
  for (const network of made.values()) all.push(yield* withPlaced(network, []));
  const before = tree.networksOf(config);
  const isSame = all.length === before.length && all.every((each, i) => each === before[i]);
  const result = isSame ? config : tree.withNetworks(config, all);
  const outside = tree.subnetsOf(config);
  const next = yield* place(null, freed.length === 0 ? outside : [...outside, ...freed]);
  return next === outside ? result : tree.withSubnets(result, next);
}

/** Of subnets that were in force when others changed: at each change all are looked at. */
const prefixKeys = new WeakMap<object, number | string>();

/** Errors of networks and subnets that are not in `before`, or of all. */
function* checkScopes<T extends TreeTypes>(
  { tree, check, isBesideService }: StoredMerge<T>,
  before: T["config"] | undefined,
  after: T["config"],
): Generator<void, readonly ConfigFault[]> {
  const faults: ConfigFault[] = [];
  const bare = { ...tree.withNetworks(tree.withSubnets(after, []), []), reservations: [] };
  for (const [network, i] of newIn(before === undefined ? [] : tree.networksOf(before), tree.networksOf(after))) {
    faults.push(...inPlace(check(tree.withNetworks(bare, [network])), "shared-networks", () => i));
    yield;
  }
  const news = newIn(before === undefined ? [] : tree.subnetsOf(before), tree.subnetsOf(after));
  yield;
  const many = isBesideService ? CHECKED + tree.classesOf(after).length : news.length;
  for (let at = 0; at < news.length; at += many) {
    const piece = news.slice(at, at + many);
    const found = check(
      tree.withSubnets(
        bare,
        piece.map(([subnet]) => subnet),
      ),
    );
    faults.push(...inPlace(found, tree.key, (index) => piece[index]![1]));
    yield;
  }
  return faults;
}

/** Errors with their pointers into the whole. */
function inPlace(faults: readonly ConfigFault[], list: string, whole: (index: number) => number): ConfigFault[] {
  const inWhole = ([root, key, index, ...inside]: Pointer): Pointer =>
    key === list && typeof index === "number"
      ? [root!, key, whole(index), ...inside]
      : [root!, key!, index!, ...inside];
  return faults
    .filter(({ severity, pointer }) => severity === "error" && pointer[1] === list)
    .map((fault) => ({ ...fault, pointer: inWhole(fault.pointer), other: fault.other && inWhole(fault.other) }));
}

/** The innermost subnet or network around a fault that is out of the database, and where in it the fault is. */
function locate<T extends TreeTypes>(
  config: T["config"],
  pointer: Pointer,
  parser: StoredParser<T>,
): { readonly entry: StoredEntry | undefined; readonly pointer: Pointer } {
  let found: { entry: StoredEntry | undefined; pointer: Pointer } = { entry: undefined, pointer };
  let value: unknown = config;
  for (let at = 1; at < pointer.length; at++) {
    value = (value as Readonly<Record<string | number, unknown>> | undefined)?.[pointer[at]!];
    const entry = parser.sourceOf(value);
    if (entry !== undefined) found = { entry, pointer: pointer.slice(at + 1) };
  }
  return found;
}
