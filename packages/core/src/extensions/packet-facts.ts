/** What extensions have found out for one packet. A question whose answer is not there yet is kept, until it is loaded. */
import type { Ask } from "@kotare/extension";
import { ExtensionError } from "./extension-error.ts";
import type { RunningExtension } from "./running-extension.ts";

export class PacketFacts {
  readonly #known = new Map<RunningExtension, Map<string, unknown>>();
  readonly #faults = new Map<RunningExtension, ExtensionError>();
  readonly #wanted = new Map<RunningExtension, Set<string>>();

  /** Whether something has been asked whose answer is not there: what was decided after that counts for nothing. */
  get lacks(): boolean {
    return this.#wanted.size > 0;
  }

  /** Whether other packets should not wait for what it lacks. */
  get lacksSlow(): boolean {
    for (const { contributions } of this.#wanted.keys()) if (contributions.facts?.isSlow === true) return true;
    return false;
  }

  /** @returns `undefined` for nothing, and for not yet @throws ExtensionError when it cannot be found out */
  ask(extension: RunningExtension, key: string): unknown {
    if (typeof key !== "string") throw new ExtensionError(extension.name, "the key of a fact has to be a text");
    const fault = this.#faults.get(extension);
    if (fault !== undefined) throw fault;
    const known = this.#known.get(extension);
    if (known?.has(key)) return known.get(key);
    const { draw } = extension.contributions;
    if (draw !== undefined) {
      const fact = extension.call("draw", () => draw(key));
      this.#keep(extension, key, fact);
      return fact;
    }
    const wanted = this.#wanted.get(extension);
    if (wanted === undefined) this.#wanted.set(extension, new Set([key]));
    else wanted.add(key);
    return undefined;
  }

  #keep(extension: RunningExtension, key: string, fact: unknown): void {
    const known = this.#known.get(extension);
    if (known === undefined) this.#known.set(extension, new Map([[key, fact]]));
    else known.set(key, fact);
  }

  /** What it lacks of an extension. */
  wantedOf(extension: RunningExtension): Iterable<string> {
    return this.#wanted.get(extension) ?? [];
  }

  /** What was wanted of the extension is known from now on. */
  learn(extension: RunningExtension, facts: ReadonlyMap<string, unknown>): void {
    for (const key of this.wantedOf(extension)) this.#keep(extension, key, facts.get(key));
    this.#wanted.delete(extension);
  }

  /** What was wanted of the extension cannot be found out. */
  fail(extension: RunningExtension, fault: ExtensionError): void {
    this.#faults.set(extension, fault);
    this.#wanted.delete(extension);
  }
}

/** One that has no facts knows nothing. */
export function askerOf(extension: RunningExtension, known: PacketFacts | undefined): Ask<unknown> {
  const { facts, draw } = extension.contributions;
  return (key) => (facts === undefined && draw === undefined ? undefined : known?.ask(extension, key));
}
