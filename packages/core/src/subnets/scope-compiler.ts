/** What compiling the scopes of a configuration needs in both families: options encoded, rules for names shared. */

import { compileNameRules, type NameKeys, type NameRules } from "../names/name-rules.ts";
import { compileOptionData, emptyOptionSet, type OptionSet } from "../options/compile.ts";
import type { OptionDataEntry } from "../options/compile-entry.ts";
import { compileOptionDefs, type OptionDefEntry, type OptionSpaces } from "../options/option-spaces.ts";
import { type EffectiveOptions, mergeOptions, type OptionWire } from "./effective-options.ts";
import type { Lifetime } from "./lifetime.ts";

/** How many subnets are compiled between two chances for other work. */
const SLICE = 100;

export class ScopeCompiler {
  readonly #spaces: OptionSpaces;
  readonly #wire: OptionWire;
  readonly #rules = new Map<string, NameRules>();

  constructor(definitions: readonly OptionDefEntry[], standard: OptionSpaces, wire: OptionWire) {
    this.#spaces = compileOptionDefs(definitions, standard).spaces;
    this.#wire = wire;
  }

  /** Most scopes have none: these share one set. */
  compileOptions(entries: readonly OptionDataEntry[]): OptionSet {
    return entries.length === 0 ? emptyOptionSet : compileOptionData(entries, this.#spaces).set;
  }

  /** @param scopes the nearest first */
  merge(scopes: readonly OptionSet[]): EffectiveOptions {
    return mergeOptions(scopes, this.#wire);
  }

  /** Thousands of subnets share one or two sets of rules. */
  nameRules(keys: NameKeys): NameRules {
    const key = JSON.stringify(keys);
    const rules = this.#rules.get(key) ?? compileNameRules(keys);
    this.#rules.set(key, rules);
    return rules;
  }
}

/** Calls `add` for each item, and lets others have their turn in between. */
export function* inSlices<Item>(items: Iterable<Item>, add: (item: Item) => void): Generator<void> {
  let untilSlice = SLICE;
  for (const item of items) {
    add(item);
    if (--untilSlice > 0) continue;
    untilSlice = SLICE;
    yield;
  }
}

/** @param min and `max` equal the default where they are not configured */
export function lifetimeOf(fallback: number, min: number | undefined, max: number | undefined): Lifetime {
  return { min: min ?? fallback, default: fallback, max: max ?? fallback };
}
