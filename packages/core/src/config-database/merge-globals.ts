/** The global scope of a configuration with what a database has of it. */
import type { ConfigTree, TreeTypes } from "../config/edit/config-tree.ts";
import { formatFault } from "../config/fault.ts";
import { globalNames } from "../config/schema/global.ts";
import { identifyOption, type OptionDataEntry } from "../options/compile-entry.ts";
import { compileOptionDefs, type OptionDefEntry } from "../options/option-spaces.ts";
import type { StoredConfig, StoredEntry } from "./config-database.ts";
import type { StoredParser } from "./parse-stored.ts";

/** Maps of which a database may have keys, as in Kea. */
export const STORABLE_MAPS: ReadonlySet<string> = new Set([
  "compatibility",
  "dhcp-ddns",
  "dhcp-queue-control",
  "expired-leases-processing",
  "multi-threading",
  "sanity-checks",
  "server-id",
]);

/** What says whose configuration it is cannot be in it. */
const OWN: ReadonlySet<string> = new Set(["server-tag", "data-directory"]);

/** Whether a database can have a key of the global scope, if its value is no map or list. */
export function isStorable(key: string): boolean {
  return !OWN.has(key);
}

/** Leaving one out may bring faults to light that it hid; they do not go on for ever. */
const MAX_ROUNDS = 8;

type KeyedMap = Readonly<Record<string, unknown>>;
type Parsed<Value> = readonly (readonly [parsed: Value, entry: StoredEntry])[];

interface Parts {
  readonly values: readonly { readonly key: string; readonly value: unknown; readonly entry: StoredEntry }[];
  readonly optionDefs: Parsed<OptionDefEntry>;
  readonly options: Parsed<OptionDataEntry>;
  readonly classes: Parsed<object>;
}

/**
 * @param base what the file has
 * @param current what is in force, the same at first
 * @param overlaid keys of `current` that are out of the database
 * @param check of whole configurations
 * @returns the configuration, and which keys of it are out of the database now
 * @throws Error in words, where what the file has does not go with the rest
 */
export function mergeGlobals<T extends TreeTypes>(
  tree: ConfigTree<T>,
  { base, current, overlaid }: Readonly<Record<"base" | "current", T["config"]>> & { overlaid: ReadonlySet<string> },
  stored: StoredConfig,
  parser: StoredParser<T>,
  check: ConfigTree<T>["family"]["check"],
): { readonly config: T["config"]; readonly overlaid: ReadonlySet<string> } {
  const parts: Parts = {
    values: parseValues(base as KeyedMap, stored.globals, parser),
    optionDefs: parser.entries("option-def", stored.optionDefs),
    options: parser.entries("option-data", stored.options),
    classes: parser.entries("client-classes", stored.classes),
  };
  const restored = Object.fromEntries([...overlaid].map((key) => [key, (base as KeyedMap)[key]]));
  const dropped = new Set<StoredEntry>();
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const overlay = overlayOf(tree, base as KeyedMap, parts, dropped);
    const config: T["config"] = { ...current, ...restored, ...overlay };
    const bare = { ...tree.withNetworks(tree.withSubnets(config, []), []), reservations: [] };
    const errors = check(bare).filter(({ severity }) => severity === "error");
    if (errors.length === 0) return { config, overlaid: new Set(Object.keys(overlay)) };
    for (const fault of errors) {
      const [, key = "", index = "", ...inside] = fault.pointer;
      const listed = parser.sourceOf((overlay[key] as KeyedMap | undefined)?.[index]);
      const entry = listed ?? parts.values.find((each) => each.key === key)?.entry;
      if (entry === undefined || dropped.has(entry)) throw new Error(formatFault(fault));
      parser.tell(entry, { ...fault, pointer: listed === undefined ? [key, index, ...inside] : inside });
      dropped.add(entry);
    }
  }
  throw new Error("too much is wrong in the global scope");
}

/** Keys of the global scope that are other ones with what is in the database. */
function overlayOf<T extends TreeTypes>(
  { family: { spaces } }: ConfigTree<T>,
  base: KeyedMap,
  parts: Parts,
  dropped: ReadonlySet<StoredEntry>,
): KeyedMap {
  const keep = <Value>(parsed: Parsed<Value>) =>
    parsed.flatMap(([value, entry]) => (dropped.has(entry) ? [] : [value]));
  const overlay: Record<string, unknown> = {};
  for (const { key, value, entry } of parts.values) if (!dropped.has(entry)) overlay[key] = value;
  const optionDefs = keep(parts.optionDefs);
  const baseDefs = base["option-def"] as readonly OptionDefEntry[];
  // Of one code, as of one name, the later definition counts.
  if (optionDefs.length > 0) {
    overlay["option-def"] = lastOf([...baseDefs, ...optionDefs], ({ space, code }) => `${space} ${code}`);
  }
  const options = keep(parts.options);
  if (options.length > 0 && spaces !== undefined) {
    const known = compileOptionDefs([...baseDefs, ...optionDefs], spaces).spaces;
    overlay["option-data"] = lastOf([...(base["option-data"] as readonly OptionDataEntry[]), ...options], (entry) => {
      const option = identifyOption(entry, known);
      return option === undefined ? entry : `${option.space} ${option.code}`;
    });
  }
  const classes = keep(parts.classes);
  if (classes.length > 0) overlay["client-classes"] = classes;
  return overlay;
}

/** Of entries that mean the same, the last. */
function lastOf<Entry>(entries: readonly Entry[], identify: (entry: Entry) => unknown): readonly Entry[] {
  return [...new Map(entries.map((entry) => [identify(entry), entry])).values()];
}

function parseValues<T extends TreeTypes>(
  base: KeyedMap,
  globals: readonly StoredEntry[],
  parser: StoredParser<T>,
): Parts["values"] {
  const maps = new Map<string, { value: unknown; entry: StoredEntry }>();
  for (const entry of globals) {
    const name = String(entry["name"]);
    const [key, inner, ...more] = name.split(".") as [string, ...string[]];
    const isKnown = inner === undefined ? isStorable(key) : STORABLE_MAPS.has(key) && more.length === 0;
    if (!isKnown) {
      const fix = "remove the row: it belongs into the file";
      parser.tell(entry, { pointer: [name], message: "is no key that a database can have", fix, severity: "error" });
    } else if (inner === undefined) maps.set(key, { value: entry["value"], entry });
    else {
      const map = (maps.get(key)?.value ?? base[key] ?? {}) as KeyedMap;
      maps.set(key, { value: { ...map, [inner]: entry["value"] }, entry });
    }
  }
  return [...maps].flatMap(([given, { value, entry }]) => {
    const key = (globalNames as Readonly<Record<string, string>>)[given] ?? given;
    const map = parser.value(given, value, entry);
    return map === undefined ? [] : [{ key, value: map[key], entry }];
  });
}
