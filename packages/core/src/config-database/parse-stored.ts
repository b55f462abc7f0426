/** Entries out of a database against the schema of a file: what is wrong is told with its row, and left out. */
import type { ConfigTree, TreeTypes } from "../config/edit/config-tree.ts";
import { type ConfigFault, formatFault, type Pointer } from "../config/fault.ts";
import { entryAt } from "../config/load/cuts.ts";
import { explainIssue } from "../config/load/explain-issue.ts";
import { AlikeParser } from "./alike-parser.ts";
import type { StoredConfig, StoredEntry } from "./config-database.ts";

type Tree<T extends TreeTypes> = ConfigTree<T>;

export class StoredParser<T extends TreeTypes> {
  readonly faults: string[] = [];
  readonly #tree: Tree<T>;
  readonly #origins: StoredConfig["origins"];
  readonly #subnets: AlikeParser;
  /** Parsed entries, and what they were made of. */
  readonly #pairs: (readonly [parsed: object, entry: StoredEntry])[] = [];
  /** The same, as far as somebody has asked: that is where something is wrong. */
  readonly #sources = new Map<unknown, StoredEntry>();

  constructor(tree: Tree<T>, origins: StoredConfig["origins"]) {
    this.#tree = tree;
    this.#origins = origins;
    this.#subnets = new AlikeParser(tree.subnetSchema);
  }

  /**
   * @param key of the list that they are entries of
   * @param given what of each is meant for the schema
   * @returns those that hold, in their order
   */
  entries<Parsed extends object>(
    key: string,
    entries: readonly StoredEntry[],
    given: (entry: StoredEntry) => object = (entry) => entry,
  ): readonly (readonly [parsed: Parsed, entry: StoredEntry])[] {
    // Of ten thousand each is taken alone, and what is wrong in one is explained in the whole.
    const parse = this.#parserOf(key);
    if (parse !== undefined) {
      const results = entries.map((entry) => parse(entry, given));
      if (!results.includes(undefined)) return results.map((parsed, i) => this.#known(parsed as Parsed, entries[i]!));
    }
    let left = entries;
    for (;;) {
      const result = this.#parse({ [key]: left.map(given) });
      if ("map" in result) {
        const parsed = result.map[key] as readonly Parsed[];
        return parsed.map((each, i) => this.#known(each, left[i]!));
      }
      const bad = new Set<StoredEntry>();
      for (const fault of result.faults) {
        const [, , index, ...inside] = fault.pointer;
        const entry = left[Number(index)]!;
        bad.add(entry);
        this.tell(entry, { ...fault, pointer: inside });
      }
      left = left.filter((entry) => !bad.has(entry));
    }
  }

  /** The global scope with one key; `undefined` where it does not hold. @param entry that the value is of */
  value(key: string, value: unknown, entry: StoredEntry): Readonly<Record<string, unknown>> | undefined {
    const result = this.#parse({ [key]: value });
    if ("map" in result) return result.map;
    for (const fault of result.faults) this.tell(entry, { ...fault, pointer: fault.pointer.slice(1) });
    return undefined;
  }

  /** What a parsed entry was made of; `undefined` for one that is not out of the database. */
  sourceOf(parsed: unknown): StoredEntry | undefined {
    for (const pair of this.#pairs.splice(0)) this.#sources.set(...pair);
    return this.#sources.get(parsed);
  }

  /** @param fault with a pointer into the entry @param other the row that it is about, too */
  tell(entry: StoredEntry, fault: ConfigFault, other?: string): void {
    const { row, inside } = this.rowOf(entry, fault.pointer);
    const message = other === undefined ? fault.message : fault.message.replace("{other}", other);
    this.faults.push(`${row}: ${formatFault({ ...fault, pointer: inside, message })}`);
  }

  /** The innermost row around a part of an entry, and where in it that is. */
  rowOf(entry: StoredEntry, pointer: Pointer): { readonly row: string; readonly inside: Pointer } {
    let found = { row: this.#origins.get(entry) ?? "", inside: pointer };
    for (let end = 1; end <= pointer.length; end++) {
      const row = this.#origins.get(entryAt(entry, pointer.slice(0, end)) as object);
      if (row !== undefined) found = { row, inside: pointer.slice(end) };
    }
    return found;
  }

  #known<Parsed extends object>(parsed: Parsed, entry: StoredEntry): readonly [Parsed, StoredEntry] {
    const pair = [parsed, entry] as const;
    this.#pairs.push(pair);
    return pair;
  }

  #parserOf(key: string): AlikeParser["parse"] | undefined {
    if (key === this.#tree.key) return (entry, given) => this.#subnets.parse(entry, given);
    if (key !== "shared-networks") return undefined;
    return (entry) => this.#tree.networkSchema.safeParse(entry).data as StoredEntry | undefined;
  }

  #parse(map: object): { readonly map: Record<string, unknown> } | { readonly faults: readonly ConfigFault[] } {
    const { schema, root } = this.#tree.family;
    const document = { [root]: map };
    const { success, data, error } = schema.safeParse(document);
    if (success) return { map: data[root] as Record<string, unknown> };
    const faults = error.issues.flatMap((issue) =>
      explainIssue(schema, issue, entryAt(document, issue.path as Pointer)),
    );
    return { faults };
  }
}
