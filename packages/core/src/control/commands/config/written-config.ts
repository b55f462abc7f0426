/**
 * The configuration in force as Kea 2.6 writes it, for `config-get` and `config-write`: each key in the form that its
 * schema says. Reading it gives the same configuration.
 */
import type { ConfigFamily } from "../../../config/config-family.ts";
import type { KeaForm, KeaMap, Scopes } from "../../../config/schema/kea-form.ts";
import {
  compileOptionDefs,
  narrowOptionDefs,
  type OptionDefEntry,
  type OptionSpaces,
} from "../../../options/option-spaces.ts";
import { type Json, JsonList, JsonReal } from "../../kea-json.ts";
import { type KeyPlan, planOf, type ValuePlan } from "./kea-plan.ts";

/** A longer list is made while it is written. */
const LONG = 50;

/** What is under the file's one key. */
export function writeConfig(family: ConfigFamily<object>, config: object): Json {
  const file = planOf(family.schema);
  const root = file.kind === "map" ? file.keys.find(({ key }) => key === family.root) : undefined;
  const { spaces } = family;
  return new ConfigWriter(spaces).write(root!.plan, config, [], spaces);
}

/** Keys to something inside: what a list stands for is each of its entries. */
export type Way = readonly string[];

/**
 * A subnet, shared network or class as Kea 3 gives it back by itself: as in the whole, but with the newer spelling of
 * keys.
 * @param way from the file's one key to the list that it is in: `["shared-networks", "subnet4"]`
 * @param outer what is around it, the innermost first, the configuration last
 */
export function writePart(
  family: ConfigFamily<object>,
  way: Way,
  part: object,
  outer: readonly [...object[], object],
): { readonly [name: string]: Json } {
  let plan = planOf(family.schema);
  for (const key of [family.root, ...way]) plan = entryPlan(plan, key);
  return new ConfigWriter(family.spaces, true).writeInside(plan, part, outer as readonly KeaMap[]);
}

function entryPlan(plan: ValuePlan, key: string): ValuePlan {
  const inner = plan.kind === "map" ? plan.keys.find((each) => each.key === key)?.plan : undefined;
  if (inner === undefined) throw new Error(`there is no ${key}`);
  return inner.kind === "list" ? inner.of : inner;
}

class ConfigWriter {
  readonly #isNewer: boolean;
  /** The options that need no definition. */
  readonly #standard: OptionSpaces | undefined;
  /** Those of the global scope. */
  #definitions: readonly OptionDefEntry[] = [];

  /** @param isNewer whether keys have the names of Kea 3 */
  constructor(standard: OptionSpaces | undefined, isNewer = false) {
    this.#standard = standard;
    this.#isNewer = isNewer;
  }

  writeInside(plan: ValuePlan, part: object, outer: readonly KeaMap[]): { readonly [name: string]: Json } {
    const spaces = this.#spacesIn([outer.at(-1)!], this.#standard);
    return this.write(plan, part, outer, spaces) as { readonly [name: string]: Json };
  }

  /** @param outer the maps around it, the innermost first */
  write(plan: ValuePlan, value: unknown, outer: readonly KeaMap[], spaces: OptionSpaces | undefined): Json {
    if (plan.kind === "real") return new JsonReal(value as number);
    if (plan.kind === "map") return this.#writeMap(plan.keys, [value as KeaMap, ...outer], spaces);
    if (plan.kind === "plain") return value as Json;
    const list = value as readonly unknown[];
    const writeItem = (item: unknown) => this.write(plan.of, item, outer, spaces);
    return list.length > LONG ? JsonList.of(list, writeItem) : list.map(writeItem);
  }

  #writeMap(keys: readonly KeyPlan[], scopes: Scopes, around: OptionSpaces | undefined): Json {
    const [map] = scopes;
    const spaces = this.#spacesIn(scopes, around);
    const written: { [name: string]: Json } = {};
    for (const { key, name: older, form, plan } of keys) {
      const name = this.#isNewer ? key : older;
      const given = map[key];
      if (given === undefined) {
        const completed = form.complete?.(scopes, spaces);
        if (completed !== undefined) written[name] = this.write(plan, completed, scopes, spaces);
        continue;
      }
      if (form.isSilent?.(given, map) === true) continue;
      if (form.format !== undefined) written[name] = form.format(given, map, spaces) as Json;
      else if (form.single !== undefined && !this.#isNewer && isOne(given, form)) {
        const [only] = this.write(plan, given, scopes, spaces) as readonly Json[];
        written[form.single] = only;
      } else written[name] = this.write(plan, inOrder(given, form), scopes, spaces);
    }
    return written;
  }

  /** The options that entries in a map can mean: a class may define some of its own. */
  #spacesIn([map, ...outer]: Scopes, around: OptionSpaces | undefined): OptionSpaces | undefined {
    const own = map["option-def"] as readonly OptionDefEntry[] | undefined;
    if (own === undefined || own.length === 0 || this.#standard === undefined) return around;
    const all = narrowOptionDefs(this.#definitions, own);
    if (outer.length === 0) this.#definitions = own;
    return compileOptionDefs(all, this.#standard).spaces;
  }
}

function isOne(value: unknown, { isSingle }: KeaForm): boolean {
  const list = value as readonly KeaMap[];
  return list.length === 1 && isSingle?.(list[0]!) !== false;
}

function inOrder(value: unknown, { sortKey }: KeyPlan["form"]): unknown {
  if (sortKey === undefined) return value;
  const list = value as readonly KeaMap[];
  if (list.every((entry, i) => i === 0 || sortKey(list[i - 1]!) <= sortKey(entry))) return list;
  return list
    .map((entry) => ({ entry, key: sortKey(entry) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ entry }) => entry);
}
