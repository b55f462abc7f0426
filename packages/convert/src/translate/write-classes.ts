/** `class` and `subclass` as client classes. */
import { type Clause, keywordOf, rawOf } from "../dhcpd/clause.ts";
import type { DhcpdExpression } from "../dhcpd/expression.ts";
import { is } from "../dhcpd/token.ts";
import { conditionOf, dataOf, Untranslatable } from "../statements/kea-expression.ts";
import { loseWithBlock, messageOf } from "../statements/lose-with-block.ts";
import { readSettings } from "../statements/read-settings.ts";
import type { ScopeSettings, Settings, SettingsSurroundings } from "../statements/settings.ts";
import { expressionOf } from "../statements/variables.ts";
import type { ClassBook } from "./class-book.ts";
import type { Model, Scope } from "./model.ts";
import { isOn, type Json } from "./parameters.ts";
import { writeScope } from "./scope-writer.ts";
import type { Translation } from "./translation.ts";

export interface ReadClass {
  /** In the result. */
  readonly name: string;
  /** What says who is a member. */
  readonly membership: Json;
  readonly isSubclass: boolean;
  readonly settings: ScopeSettings;
}

type Members = Omit<ReadClass, "settings"> & { readonly statements: readonly Clause[] };

/** Statements that say who is in a class; the others say what its members get. */
const MEMBERSHIP = /^(match|spawn|lease)$/;

/**
 * Classes in the order of the result: those of subclasses before the class that they belong to.
 * @param names to be filled: dhcpd's names, and those of the result
 */
export function readClasses(
  model: Model,
  names: Map<string, string>,
  book: ClassBook,
  around: SettingsSurroundings,
): readonly ReadClass[] {
  const found: Members[] = [];
  const seen = new Set<string>();
  const { ledger } = around;
  for (const scope of model.classes) {
    if (seen.has(scope.name)) loseWithBlock(scope.clause, "has the name of a class before it", MERGE, ledger);
    else {
      const subclasses = model.subclasses.filter(({ clause }) => clause.head[1]?.text === scope.name);
      const reader = new ClassReader(scope, subclasses, book, around);
      const members = reader.read();
      found.push(...members);
      if (members.length > 0) names.set(scope.name, members.at(-1)!.name);
    }
    seen.add(scope.name);
  }
  for (const { clause } of model.subclasses) {
    const name = clause.head[1]?.text ?? "";
    if (!seen.has(name))
      loseWithBlock(clause, `belongs to no class: there is no "${name}"`, "declare the class", ledger);
  }
  // Conditions inside may ask for any class.
  return found.map(({ statements, ...rest }) => ({ ...rest, settings: readSettings(statements, around) }));
}

const MERGE = "make one class of the two";

class ClassReader {
  readonly #scope: Scope;
  readonly #subclasses: readonly Scope[];
  readonly #book: ClassBook;
  readonly #around: SettingsSurroundings;

  constructor(scope: Scope, subclasses: readonly Scope[], book: ClassBook, around: SettingsSurroundings) {
    this.#scope = scope;
    this.#subclasses = subclasses;
    this.#book = book;
    this.#around = around;
  }

  /** The class stands last; nothing where it cannot be said who is a member. */
  read(): Members[] {
    const { ledger } = this.#around;
    const own = (keyword: string) => this.#scope.statements.find((clause) => keywordOf(clause) === keyword);
    const [match, spawn, limit] = [own("match"), own("spawn"), own("lease")];
    try {
      const subclasses = match === undefined || is(match.head[1], "if") ? [] : this.#readSubclasses(match);
      const tests = match === undefined ? undefined : this.#matches(match, subclasses);
      const membership = spawn === undefined ? { test: tests } : this.#template(spawn, tests);
      if (tests === undefined && spawn === undefined)
        throw new Untranslatable("it says of no client that it is a member");
      for (const { clause } of [this.#scope, ...this.#subclasses]) ledger.carry(clause);
      for (const clause of [match, spawn]) if (clause !== undefined) ledger.carry(clause);
      const name = this.#book.name(this.#scope.name);
      return [
        ...subclasses.map(({ label, test, statements }) => ({
          name: this.#book.name(`${this.#scope.name} ${label}`),
          membership: { test },
          isSubclass: true,
          statements,
        })),
        {
          name,
          membership: { ...membership, ...this.#limit(limit) },
          isSubclass: false,
          statements: withoutMembership(this.#scope),
        },
      ];
    } catch (error) {
      const why = `is not carried over: ${messageOf(error)}`;
      for (const { clause } of [this.#scope, ...this.#subclasses]) loseWithBlock(clause, why, FIX, ledger);
      return [];
    }
  }

  #template(spawn: Clause, tests: string | undefined): Json {
    const template = dataOf(expressionOf(spawn.head.slice(2), this.#around.variables), this.#around);
    return { "template-test": tests === undefined ? template : `ifelse(${tests}, ${template}, '')` };
  }

  #limit(limit: Clause | undefined): Json {
    if (limit === undefined) return {};
    const fix = `add { "library": "libdhcp_limits.so" } to hooks-libraries; Kotare and Kea 3 have it`;
    this.#around.ledger.lose(limit, "needs libdhcp_limits.so, which Kea 2.6 as Debian has it does not have", fix);
    const most = Number(limit.head[2]?.text);
    return most > 0 ? { "user-context": { limits: { "address-limit": most } } } : {};
  }

  /** What a `match` says; with subclasses that the value is one of theirs. */
  #matches(match: Clause, subclasses: readonly { readonly test: string }[]): string {
    if (is(match.head[1], "if"))
      return conditionOf(expressionOf(match.head.slice(2), this.#around.variables), this.#around);
    if (subclasses.length === 0) throw new Untranslatable("no subclass says which clients it is for");
    return subclasses.map(({ test }) => test).join(" or ");
  }

  #readSubclasses(match: Clause): { label: string; test: string; statements: readonly Clause[] }[] {
    const value = expressionOf(match.head.slice(1), this.#around.variables);
    return this.#subclasses.map(({ clause, statements }) => {
      const words = clause.head.slice(2);
      const wanted: DhcpdExpression = expressionOf(words, this.#around.variables);
      const test = conditionOf({ kind: "compare", operator: "=", parts: [value, wanted] }, this.#around);
      return { label: wanted.kind === "text" ? wanted.text : rawOf(words), test, statements };
    });
  }
}

const FIX = "write the condition by hand, or an extension";

function withoutMembership({ statements }: Scope): readonly Clause[] {
  return statements.filter((clause) => !MEMBERSHIP.test(keywordOf(clause)));
}

export function writeClasses(classes: readonly ReadClass[], globals: Settings, translation: Translation): void {
  for (const { name, membership, isSubclass, settings } of classes) {
    // Of a subclass without statements the class has the test.
    if (isSubclass && settings.always.isEmpty && settings.branches.length === 0) continue;
    dropMembers(name, settings.always, translation);
    const entry: Json = { name, ...membership };
    translation.classes.add("declared", entry);
    Object.assign(entry, writeScope({ level: "class", label: name, settings, outer: [globals] }, translation));
  }
}

/** `deny booting`: no answer for members. */
function dropMembers(name: string, { parameters }: Settings, { ledger, classes }: Translation): void {
  const booting = parameters.get("booting");
  if (booting === undefined || isOn(booting)) return;
  parameters.delete("booting");
  ledger.carry(booting.clause);
  classes.drop(`member('${name}')`);
}
