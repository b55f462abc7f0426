/** The tests of a configuration's classes: compiled, and in an order in which each finds what it asks for. */
import {
  type Condition,
  ExpressionError,
  placeIn,
  type Sight,
  type Subject,
  type Value,
} from "../expressions/expression.ts";
import { type Compiled, compileCondition, compileValue } from "../expressions/parser.ts";
import type { Language } from "../expressions/part-parser.ts";
import { BuiltIn, isBuiltIn, isFixed, isSpawnedBy } from "./built-in-classes.ts";

/** Kea's `client-classes` entry, as far as membership goes. */
export interface ClassEntry {
  readonly name: string;
  readonly test?: string | undefined;
  readonly "template-test"?: string | undefined;
  readonly "only-in-additional-list": boolean;
}

/** When a packet is looked at: before its subnet is known, when it is known whether it has a reservation, or on request. */
export type Phase = "early" | "known" | "additional";

export interface ClassTest<S> {
  readonly name: string;
  readonly phase: Phase;
  /** `undefined` for a class that is given by other means. */
  readonly test: Condition<S> | undefined;
  /** Instead of a test: what becomes part of the name of another class. */
  readonly template: Value<S> | undefined;
  readonly sights: readonly Sight<S>[];
}

/** What is wrong in the list, and where. */
export interface ClassFault {
  readonly index: number;
  readonly key: "name" | "test" | "template-test";
  readonly message: string;
  readonly severity: "error" | "warning";
}

export interface CompiledClasses<S> {
  readonly tests: readonly ClassTest<S>[];
  readonly faults: readonly ClassFault[];
}

export function compileClassTests<S extends Subject>(
  entries: readonly ClassEntry[],
  language: Language<S>,
): CompiledClasses<S> {
  const compiler = new ClassCompiler(language, entries);
  for (const [index, entry] of entries.entries()) compiler.add(entry, index);
  return { tests: [...compiler.tests.values()], faults: compiler.faults };
}

/** Takes the classes of a list one after the other. */
export class ClassCompiler<S extends Subject> {
  readonly tests = new Map<string, ClassTest<S>>();
  readonly faults: ClassFault[] = [];
  readonly #language: Language<S>;
  /** Where each class is defined first, of the whole list. */
  readonly #indexes = new Map<string, number>();

  /** @param entries the whole list, for the words of errors */
  constructor(language: Language<S>, entries: readonly ClassEntry[]) {
    this.#language = language;
    for (const [index, { name }] of entries.entries()) if (!this.#indexes.has(name)) this.#indexes.set(name, index);
  }

  add(entry: ClassEntry, index: number): void {
    const { name, test, "template-test": template } = entry;
    if (name === "") this.#fault(index, "name", "is no name: give the class one");
    else if (this.tests.has(name)) this.#fault(index, "name", "is the name of another class too: rename one of them");
    if (test !== undefined && template !== undefined) {
      this.#fault(index, "template-test", 'stands beside a "test": a class has one of the two');
    }
    if (isFixed(name)) {
      if (test !== undefined) this.#fault(index, "test", `is about ${name}, whose members only the server knows`);
      if (template !== undefined) this.#fault(index, "template-test", `is about ${name}, which is no template`);
    }
    const condition = this.#compile(index, "test", test, compileCondition);
    const value = this.#compile(index, "template-test", template, compileValue);
    const compiled = condition ?? value;
    const phase = this.#phaseOf(entry, compiled);
    if (compiled !== undefined)
      this.#checkMembers(index, test === undefined ? "template-test" : "test", phase, compiled);
    if (this.tests.has(name)) return;
    const sights = compiled?.sights ?? [];
    this.tests.set(name, { name, phase, test: condition?.expression, template: value?.expression, sights });
  }

  #fault(index: number, key: ClassFault["key"], message: string, severity: ClassFault["severity"] = "error"): void {
    this.faults.push({ index, key, message, severity });
  }

  #compile<E>(
    index: number,
    key: "test" | "template-test",
    text: string | undefined,
    compile: (text: string, language: Language<S>) => Compiled<S, E>,
  ): Compiled<S, E> | undefined {
    if (text === undefined) return undefined;
    try {
      return compile(text, this.#language);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      this.#fault(index, key, `has an error ${placeIn(text, error.offset)}: ${error.message}`);
      return undefined;
    }
  }

  /** A class that asks for one that depends on the reservation depends on it too. */
  #phaseOf(entry: ClassEntry, compiled: Compiled<S, unknown> | undefined): Phase {
    if (entry["only-in-additional-list"]) return "additional";
    const members = [...(compiled?.members.keys() ?? [])];
    const isLate = (name: string) =>
      name === BuiltIn.known || name === BuiltIn.unknown || this.tests.get(name)?.phase === "known";
    return members.some(isLate) ? "known" : "early";
  }

  #checkMembers(index: number, key: "test" | "template-test", phase: Phase, { members }: Compiled<S, unknown>): void {
    for (const [name] of members) {
      const asked = this.tests.get(name);
      if (asked === undefined && !this.#isGivenOtherwise(name)) {
        this.#fault(index, key, `asks for class "${name}", which is ${this.#whyNot(name, index)}`);
      } else if (asked?.phase === "additional" && phase !== "additional") {
        const message = `asks for class "${name}", which is looked at later, and only where a scope asks for it`;
        this.#fault(index, key, message, "warning");
      }
    }
  }

  #isGivenOtherwise(name: string): boolean {
    if (isBuiltIn(name)) return true;
    return [...this.tests.values()].some((test) => test.template !== undefined && isSpawnedBy(test.name, name));
  }

  #whyNot(name: string, index: number): string {
    const defined = this.#indexes.get(name);
    if (defined === undefined) return "not defined: define it before this class";
    if (defined === index) return "this class itself";
    return "defined behind this class: move it in front; classes that ask for each other cannot be told apart";
  }
}
