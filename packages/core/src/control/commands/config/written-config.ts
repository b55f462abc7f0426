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

class ConfigWriter {
  /** The options that need no definition. */
  readonly #standard: OptionSpaces | undefined;
  /** Those of the global scope. */
  #definitions: readonly OptionDefEntry[] = [];

  constructor(standard: OptionSpaces | undefined) {
    this.#standard = standard;
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
    for (const { key, name, form, plan } of keys) {
      const given = map[key];
      if (given === undefined) {
        const completed = form.complete?.(scopes, spaces);
        if (completed !== undefined) written[name] = this.write(plan, completed, scopes, spaces);
        continue;
      }
      if (form.isSilent?.(given, map) === true) continue;
      if (form.format !== undefined) written[name] = form.format(given, map, spaces) as Json;
      else if (form.single !== undefined && isOne(given, form)) {
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
