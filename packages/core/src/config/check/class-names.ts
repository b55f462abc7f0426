/** Names of classes, wherever a configuration speaks of them: whether anybody can be in them. */
import { isBuiltIn, isSpawnedBy } from "../../classify/built-in-classes.ts";
import type { Pointer } from "../fault.ts";
import type { Report } from "./report.ts";

interface Defined {
  readonly name: string;
  readonly "template-test"?: string | undefined;
}

interface Guarded {
  readonly "client-classes": readonly string[];
  readonly "evaluate-additional-classes": readonly string[];
}

export class ClassNames {
  readonly #names: Set<string>;
  readonly #templates: readonly string[];
  readonly #report: Report;
  /** Names that were in question when they came. */
  readonly #doubtful: { readonly name: string; readonly pointer: Pointer }[] = [];

  constructor(defined: readonly Defined[], report: Report) {
    this.#names = new Set(defined.map(({ name }) => name));
    this.#templates = defined.filter((entry) => entry["template-test"] !== undefined).map(({ name }) => name);
    this.#report = report;
  }

  /** How many names have been in question so far. */
  get doubts(): number {
    return this.#doubtful.length;
  }

  /** Classes that a reservation gives exist whether they are defined or not. */
  give(names: readonly string[]): void {
    for (const name of names) this.#names.add(name);
  }

  /** @param pointer of the list of names */
  use(names: readonly string[], pointer: Pointer): void {
    names.forEach((name, i) => {
      if (!this.#isKnown(name)) this.#doubtful.push({ name, pointer: [...pointer, i] });
    });
  }

  /** Of a network, a subnet or a pool. */
  useGuards(scope: Guarded, pointer: Pointer): void {
    for (const key of ["client-classes", "evaluate-additional-classes"] as const) {
      if (scope[key].length > 0) this.use(scope[key], [...pointer, key]);
    }
  }

  #isKnown(name: string): boolean {
    return this.#names.has(name) || isBuiltIn(name) || this.#templates.some((template) => isSpawnedBy(template, name));
  }

  /** As in Kea names that nobody knows are no errors. */
  finish(): void {
    for (const { name, pointer } of this.#doubtful) {
      if (this.#isKnown(name)) continue;
      const message = "is no class that is defined or that a reservation gives: nobody is in it";
      const fix = 'correct the name, or define it in "client-classes"';
      this.#report({ pointer, value: name, message, fix, severity: "warning" });
    }
  }
}
