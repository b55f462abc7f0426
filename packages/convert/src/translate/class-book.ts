/** The client classes of the result. */
import type { Json } from "./parameters.ts";

/** In the order of the result: of two classes that a client is in, the values of the earlier one count. */
const SECTIONS = ["declared", "conditional", "permitted", "additional"] as const;
export type Section = (typeof SECTIONS)[number];

/** Names that have a meaning in Kea. */
const RESERVED = /^(ALL|KNOWN|UNKNOWN|DROP|BOOTP|SKIP_DDNS|(VENDOR_CLASS|HA|AFTER|EXTERNAL|SPAWN)_.*)$/;

export class ClassBook {
  readonly #sections: Readonly<Record<Section, Json[]>> = {
    declared: [],
    conditional: [],
    permitted: [],
    additional: [],
  };
  readonly #dropped: string[] = [];
  readonly #names = new Set<string>();

  /** A name that no other class has. */
  name(wanted: string): string {
    const clean = wanted.replace(/[^\w .:-]/g, "_") || "class";
    const base = RESERVED.test(clean) ? `class-${clean}` : clean;
    let name = base;
    for (let i = 2; this.#names.has(name); i++) name = `${base}-${i}`;
    this.#names.add(name);
    return name;
  }

  add(section: Section, entry: Json): void {
    this.#sections[section].push(entry);
  }

  /** @returns the name of a class with this test and nothing else */
  guard(test: string): string {
    const plain = /^member\('([^']*)'\)$/.exec(test)?.[1];
    if (plain !== undefined) return plain;
    const known = this.#sections.permitted.find((entry) => entry["test"] === test);
    if (known !== undefined) return known["name"] as string;
    const name = this.name(`permitted-${this.#sections.permitted.length + 1}`);
    this.add("permitted", { name, test });
    return name;
  }

  /** Clients that this is true of get no answer. */
  drop(test: string): void {
    this.#dropped.push(test);
  }

  get entries(): readonly Json[] {
    const dropped = this.#dropped.length === 0 ? [] : [{ name: "DROP", test: this.#dropped.join(" or ") }];
    return [...this.#all, ...dropped];
  }

  get #all(): readonly Json[] {
    return SECTIONS.flatMap((section) => this.#sections[section]);
  }
}
