/** Which classes a packet is in: Kea's order of giving them (its manual, "Classification Steps"). */
import { formatHex } from "../base/hex.ts";
import { EvaluationError, type Sight, type Subject } from "../expressions/expression.ts";
import { BuiltIn, spawnedClass, vendorClass } from "./built-in-classes.ts";
import type { ClassTest, Phase } from "./class-tests.ts";
import { TestIndex } from "./test-index.ts";

/** A packet that is being put into classes; they are kept in the order in which they are given. */
export type Open<S extends Subject> = S & { readonly classes: Set<string> };

export interface SeenByClass {
  readonly name: string;
  readonly isIn: boolean;
  readonly saw: string;
}

export class ClassSet<S extends Subject> {
  readonly #tests: ReadonlyMap<string, ClassTest<S>>;
  readonly #early: TestIndex<S>;
  readonly #known: TestIndex<S>;
  readonly #vendorOf: (subject: S) => Uint8Array;

  /** @param vendorOf what the built-in class of the vendor is named after; no bytes for no class */
  constructor(tests: readonly ClassTest<S>[], vendorOf: (subject: S) => Uint8Array) {
    this.#tests = new Map(tests.map((test) => [test.name, test]));
    const inPhase = (phase: Phase) => tests.filter((test) => test.phase === phase && !isGivenOtherwise(test));
    this.#early = new TestIndex(inPhase("early"));
    this.#known = new TestIndex(inPhase("known"));
    this.#vendorOf = vendorOf;
  }

  /** What the packet alone says, before its subnet is known. */
  begin(subject: Open<S>): void {
    subject.classes.add(BuiltIn.all);
    const vendor = this.#vendorOf(subject);
    if (vendor.length > 0) subject.classes.add(vendorClass(vendor));
    this.#early.visit(subject, assign);
  }

  /**
   * What a reservation gives counts in all tests, as in Kea: those that have been looked at are looked at again.
   * @param reserved the classes that it gives
   */
  reconsider(subject: Open<S>, reserved: readonly string[]): void {
    if (reserved.length === 0) return;
    for (const name of subject.classes) {
      const test = this.#tests.get(name);
      if (test !== undefined && !isGivenOtherwise(test)) subject.classes.delete(name);
    }
    for (const name of reserved) subject.classes.add(name);
    this.#early.visit(subject, assign);
  }

  /**
   * What is known when reservations have been looked for.
   * @param reserved the classes that the reservation gives; `undefined` when there is none
   */
  know(subject: Open<S>, reserved: readonly string[] | undefined): void {
    for (const name of reserved ?? []) subject.classes.add(name);
    subject.classes.add(reserved === undefined ? BuiltIn.unknown : BuiltIn.known);
    this.#known.visit(subject, assign);
  }

  isConfigured(name: string): boolean {
    return this.#tests.has(name);
  }

  /** Classes that a scope asks for once it is chosen; one without a test is given to everybody there. */
  addTo(subject: Open<S>, names: readonly string[]): void {
    for (const name of names) {
      if (subject.classes.has(name)) continue;
      const test = this.#tests.get(name);
      if (test === undefined) continue;
      if (isGivenOtherwise(test)) subject.classes.add(name);
      else assign(test, subject);
    }
  }

  /**
   * What the test of each class sees of a packet that is in its classes. For people; costs as much as all tests.
   * @param asked names of classes to tell about; all but those on request unless given
   */
  explain(subject: S, asked?: readonly string[]): readonly SeenByClass[] {
    return [...this.#tests.values()]
      .filter((test) => !isGivenOtherwise(test))
      .filter(({ name, phase }) => asked?.includes(name) ?? phase !== "additional")
      .map(({ name, sights }) => ({
        name,
        isIn: subject.classes.has(name),
        saw: sights.map((sight) => show(sight, subject)).join(", "),
      }));
  }
}

function isGivenOtherwise<S>({ test, template }: ClassTest<S>): boolean {
  return test === undefined && template === undefined;
}

/** A test that fails on the packet's bytes keeps the packet out. */
function assign<S extends Subject>({ name, test, template }: ClassTest<S>, subject: Open<S>): void {
  try {
    if (template === undefined) {
      if (test?.evaluate(subject) === true) subject.classes.add(name);
      return;
    }
    const value = template.evaluate(subject);
    if (value.length === 0) return;
    subject.classes.add(spawnedClass(name, value));
    subject.classes.add(name);
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
  }
}

/** Bytes beyond this are left out. */
const SHOWN = 64;

function show<S>({ text, evaluate }: Sight<S>, subject: S): string {
  try {
    const value = evaluate(subject);
    return `${text} is ${typeof value === "boolean" ? value : showBytes(value)}`;
  } catch (error) {
    if (error instanceof EvaluationError) return `${text} fails: ${error.message}`;
    throw error;
  }
}

function showBytes(bytes: Uint8Array): string {
  const shown = bytes.subarray(0, SHOWN);
  const more = bytes.length > SHOWN ? "…" : "";
  if (shown.every((byte) => byte >= 0x20 && byte < 0x7f)) return `'${Buffer.from(shown).toString("latin1")}'${more}`;
  return `0x${formatHex(shown, "")}${more}`;
}
