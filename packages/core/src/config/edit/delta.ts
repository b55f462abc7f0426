/** Part of a subnet added to it, or taken out of it: `subnet4-delta-add` and `subnet4-delta-del`. */
import { isDeepStrictEqual } from "node:util";
import { identifyOption, type OptionDataEntry } from "../../options/compile-entry.ts";
import { compileOptionDefs, type OptionDefEntry, type OptionSpaces } from "../../options/option-spaces.ts";
import { keaAddress } from "../schema/kea-values.ts";
import { listOldSpellings } from "../schema/renamed.ts";
import type { ConfigTree, TreeTypes } from "./config-tree.ts";

type KeyedMap = Readonly<Record<string, unknown>>;

/** Something of the operator's own, as it was read and as it was given: what was not given has defaults in `read`. */
interface Part {
  readonly read: KeyedMap;
  readonly given: KeyedMap;
}

/** What keys mean in a subnet and in its pools. */
interface Meanings {
  /** Which entry of the list under a key another one means. */
  readonly identities: Readonly<Record<string, (entry: KeyedMap) => unknown>>;
  /** Keys that say which map is meant, and are no part of what is taken out of it. */
  readonly identifying: ReadonlySet<string>;
}

const IDENTIFYING = new Set(["id", "subnet", "pool", "prefix", "prefix-len", "delegated-len"]);

/** In maps of the operator's own. */
const NO_MEANINGS: Meanings = { identities: {}, identifying: new Set() };

/**
 * The subnet with what is given on top: keys take the values given, lists get the entries that they lack. A pool that is
 * there is changed in the same way, an option replaced.
 */
export function addDelta<T extends TreeTypes>(
  tree: ConfigTree<T>,
  config: T["config"],
  subnet: T["subnet"],
  read: T["subnet"],
  given: KeyedMap,
): T["subnet"] {
  const meanings = meaningsOf(tree, config);
  return complete(tree, subnet, addPart(subnet as KeyedMap, { read: read as KeyedMap, given }, meanings));
}

/**
 * The subnet without what is given. A key goes whatever value is given, and so does an option. A pool goes if nothing
 * but itself is given; otherwise what is given goes out of it.
 */
export function removeDelta<T extends TreeTypes>(
  tree: ConfigTree<T>,
  config: T["config"],
  subnet: T["subnet"],
  read: T["subnet"],
  given: KeyedMap,
): T["subnet"] {
  const meanings = meaningsOf(tree, config);
  return complete(tree, subnet, removePart(subnet as KeyedMap, { read: { ...given, ...read }, given }, meanings));
}

/** With the defaults of what is gone. Reservations may be many, and are as they were. */
function complete<T extends TreeTypes>(tree: ConfigTree<T>, former: T["subnet"], made: KeyedMap): T["subnet"] {
  const { reservations = former.reservations, ...rest } = made;
  return { ...tree.subnetSchema.parse(rest), reservations: reservations as T["subnet"]["reservations"] };
}

function meaningsOf<T extends TreeTypes>({ family, formatPool }: ConfigTree<T>, config: T["config"]): Meanings {
  const { "option-def": definitions } = config as { readonly "option-def": readonly OptionDefEntry[] };
  const spaces = family.spaces && compileOptionDefs(definitions, family.spaces).spaces;
  const identities: Meanings["identities"] = {
    pools: ({ pool }) => formatPool(pool as string),
    "pd-pools": (pool) => `${keaAddress(pool["prefix"] as string)}/${pool["prefix-len"]}/${pool["delegated-len"]}`,
    "option-data": (entry) => optionOf(entry, spaces),
  };
  return { identities, identifying: IDENTIFYING };
}

/** One that is none means nothing but itself; the check of the whole says what is wrong with it. */
function optionOf(entry: OptionDataEntry, spaces: OptionSpaces | undefined): unknown {
  const option = spaces && identifyOption(entry, spaces);
  return option === undefined ? entry : `${option.space} ${option.code}`;
}

/** With the keys that were given. */
function* listGiven({ read, given }: Part): Generator<readonly [key: string, read: unknown, given: unknown]> {
  for (const [key, value] of Object.entries(read)) {
    const spelling = [key, ...listOldSpellings(key)].find((each) => given[each] !== undefined);
    if (spelling !== undefined) yield [key, value, given[spelling]];
  }
}

function addPart(former: KeyedMap, part: Part, meanings: Meanings): KeyedMap {
  const made: Record<string, unknown> = { ...former };
  for (const [key, read, given] of listGiven(part)) made[key] = addValue(key, former[key], read, given, meanings);
  return made;
}

function addValue(key: string, former: unknown, read: unknown, given: unknown, meanings: Meanings): unknown {
  if (isMap(former) && isMap(read)) return addPart(former, { read, given: given as KeyedMap }, NO_MEANINGS);
  if (!Array.isArray(former) || !Array.isArray(read)) return read;
  const identityOf = meanings.identities[key];
  const made: unknown[] = [...former];
  read.forEach((entry, i) => {
    const at = made.findIndex((each) =>
      identityOf === undefined ? isDeepStrictEqual(each, entry) : identityOf(each as KeyedMap) === identityOf(entry),
    );
    if (at < 0) made.push(entry);
    else if (key === "option-data") made[at] = entry;
    else if (identityOf !== undefined) {
      const part = { read: entry, given: (given as readonly KeyedMap[])[i]! };
      made[at] = addPart(made[at] as KeyedMap, part, meanings);
    }
  });
  return made;
}

function removePart(former: KeyedMap, part: Part, meanings: Meanings): KeyedMap {
  const made: Record<string, unknown> = { ...former };
  for (const [key, read, given] of listGiven(part)) {
    if (meanings.identifying.has(key) || made[key] === undefined) continue;
    const left = removeValue(key, former[key], read, given, meanings);
    if (left === undefined) delete made[key];
    else made[key] = left;
  }
  return made;
}

/** @returns `undefined` where nothing is left */
function removeValue(key: string, former: unknown, read: unknown, given: unknown, meanings: Meanings): unknown {
  if (isMap(former) && isMap(read)) {
    const left = removePart(former, { read, given: given as KeyedMap }, NO_MEANINGS);
    return Object.keys(left).length === 0 ? undefined : left;
  }
  if (!Array.isArray(former) || !Array.isArray(read)) return undefined;
  const identityOf = meanings.identities[key];
  if (identityOf === undefined) return former.filter((each) => !read.some((gone) => isDeepStrictEqual(each, gone)));
  return former.flatMap((entry: KeyedMap) => {
    const i = read.findIndex((each) => identityOf(each) === identityOf(entry));
    if (i < 0) return [entry];
    const part: Part = { read: read[i], given: (given as readonly KeyedMap[])[i]! };
    if (key === "option-data" || Object.keys(part.given).every((name) => IDENTIFYING.has(name))) return [];
    return [removePart(entry, part, meanings)];
  });
}

function isMap(value: unknown): value is KeyedMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
