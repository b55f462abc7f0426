/** What the classes of a client give it, all together; made once for each combination of classes that comes. */
import type { OptionLayer, ScopeOptions } from "../options/scope-options.ts";

/** What the configuration gives to members of one class. */
export interface ClassGifts<Values> {
  readonly options: ScopeOptions;
  readonly values: Values;
}

/** @typeParam Values what the first class that has it gives, such as lifetimes */
export interface ClassProfile<Values> {
  /** Those of the client's classes that give something or that options are limited to, in the order of being given. */
  readonly names: ReadonlySet<string>;
  /** One layer a class, the first class before the others. */
  readonly options: readonly OptionLayer[];
  readonly values: Values;
}

/** How many combinations are remembered; clients may make as many as there are. */
const REMEMBERED = 1000;

export class ClassProfiles<Values> {
  /** Of a client in no class that matters. */
  readonly plain: ClassProfile<Values>;
  readonly #gifts: ReadonlyMap<string, ClassGifts<Values>>;
  readonly #limits: ReadonlySet<string>;
  readonly #merge: (values: readonly Values[]) => Values;
  readonly #profiles = new Map<string, ClassProfile<Values>>();

  /**
   * @param limits classes that options are limited to, in any scope
   * @param merge takes each value from the first class that has it
   */
  constructor(
    gifts: ReadonlyMap<string, ClassGifts<Values>>,
    limits: ReadonlySet<string>,
    merge: (values: readonly Values[]) => Values,
  ) {
    this.#gifts = gifts;
    this.#limits = limits;
    this.#merge = merge;
    this.plain = this.#make(new Set());
  }

  of(classes: ReadonlySet<string>): ClassProfile<Values> {
    let key = "";
    for (const name of classes) if (this.#matters(name)) key += `${name}\n`;
    if (key === "") return this.plain;
    const known = this.#profiles.get(key);
    if (known !== undefined) return known;
    const made = this.#make(new Set([...classes].filter((name) => this.#matters(name))));
    if (this.#profiles.size >= REMEMBERED) this.#profiles.clear();
    this.#profiles.set(key, made);
    return made;
  }

  #matters(name: string): boolean {
    return this.#gifts.has(name) || this.#limits.has(name);
  }

  #make(names: ReadonlySet<string>): ClassProfile<Values> {
    const given = [...names].flatMap((name) => this.#gifts.get(name) ?? []);
    return {
      names,
      options: given.map(({ options }) => ({ name: options.name, set: options.for(names) })),
      values: this.#merge(given.map(({ values }) => values)),
    };
  }
}
