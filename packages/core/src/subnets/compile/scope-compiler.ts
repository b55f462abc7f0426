/** What compiling the scopes of a configuration needs in both families: options encoded, rules for names shared. */
import { compileNameRules, type NameKeys, type NameRules } from "../../names/name-rules.ts";
import type { OptionDataEntry } from "../../options/compile-entry.ts";
import type { OptionDefinition } from "../../options/option.ts";
import {
  compileOptionDefs,
  narrowOptionDefs,
  type OptionDefEntry,
  type OptionSpaces,
} from "../../options/option-spaces.ts";
import { compileScopeOptions, noOptions, type ScopeOptions } from "../../options/scope-options.ts";
import type { ClassProfile } from "../class-profiles.ts";
import type { Lifetime } from "../lifetime.ts";
import type { OptionWire } from "../options/effective-options.ts";
import { OptionStack } from "../options/option-stack.ts";

export class ScopeCompiler {
  readonly spaces: OptionSpaces;
  /** Classes that options are limited to, in all scopes so far. */
  readonly limits = new Set<string>();
  readonly #definitions: readonly OptionDefEntry[];
  readonly #standard: OptionSpaces;
  readonly #wire: OptionWire;
  readonly #global: ScopeOptions;
  readonly #rules = new Map<string, NameRules>();
  /** Of scopes without options of their own: most of ten thousand subnets. */
  #bare: { readonly plain: ClassProfile<unknown>; readonly stack: OptionStack } | undefined;

  /** @param config the global scope */
  constructor(
    config: { readonly "option-def": readonly OptionDefEntry[]; readonly "option-data": readonly OptionDataEntry[] },
    standard: OptionSpaces,
    wire: OptionWire,
  ) {
    this.#definitions = config["option-def"];
    this.#standard = standard;
    this.spaces = compileOptionDefs(this.#definitions, standard).spaces;
    this.#wire = wire;
    this.#global = this.compileOptions("global", config["option-data"]);
  }

  /** @param name as `ScopeOptions` @param definitions of the scope itself, which only classes have */
  compileOptions(
    name: string,
    entries: readonly OptionDataEntry[],
    definitions: readonly OptionDefEntry[] = [],
  ): ScopeOptions {
    if (entries.length === 0) return noOptions;
    const options = compileScopeOptions(name, entries, this.#narrow(definitions));
    for (const limit of options.limits) this.limits.add(limit);
    return options;
  }

  #narrow(definitions: readonly OptionDefEntry[]): OptionSpaces {
    if (definitions.length === 0) return this.spaces;
    return compileOptionDefs(narrowOptionDefs(this.#definitions, definitions), this.#standard).spaces;
  }

  /** By code and class: what classes define an option as for their members. */
  ownOptions(
    classes: readonly { readonly name: string; readonly "option-def": readonly OptionDefEntry[] }[],
  ): ReadonlyMap<number, ReadonlyMap<string, OptionDefinition>> {
    const own = new Map<number, Map<string, OptionDefinition>>();
    for (const { name, "option-def": definitions } of classes) {
      const spaces = this.#narrow(definitions);
      for (const { code } of definitions) {
        const definition = spaces.byCode(spaces.family.space, code);
        if (definition !== undefined) own.set(code, (own.get(code) ?? new Map()).set(name, definition));
      }
    }
    return own;
  }

  /**
   * @param scopes the nearest first, without the global one
   * @param plain the profile of a client in no class that matters
   */
  stack(scopes: readonly ScopeOptions[], plain: ClassProfile<unknown>): OptionStack {
    const own = scopes.filter((scope) => scope !== noOptions);
    if (own.length > 0) return new OptionStack(own, this.#global, plain, this.#wire);
    if (this.#bare?.plain !== plain)
      this.#bare = { plain, stack: new OptionStack([], this.#global, plain, this.#wire) };
    return this.#bare.stack;
  }

  /** Thousands of subnets share one or two sets of rules. */
  nameRules(keys: NameKeys): NameRules {
    const key = JSON.stringify(keys);
    const rules = this.#rules.get(key) ?? compileNameRules(keys);
    this.#rules.set(key, rules);
    return rules;
  }
}

/** @param min and `max` equal the default where they are not configured */
export function lifetimeOf(fallback: number, min: number | undefined, max: number | undefined): Lifetime {
  return { min: min ?? fallback, default: fallback, max: max ?? fallback };
}
