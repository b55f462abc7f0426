/**
 * A scanned document against its schema. When something is wrong the rest is checked all the same: the parts that are
 * wrong are cut out until what is left holds, so that the operator sees every fault in one go.
 */
import type { z } from "zod";
import { explainIssue } from "./explain-issue.ts";
import type { ConfigFault, Pointer } from "./fault.ts";
import { listOldSpellings } from "./schema/renamed.ts";

export interface Validated<T> {
  /** With all defaults filled in; `undefined` when nothing is left. Faultless only if `faults` is empty. */
  readonly value: T | undefined;
  readonly faults: readonly ConfigFault[];
  /** Where something in `value` stands in the document: entries of lists may have been cut out before it. */
  toDocument(pointer: Pointer): Pointer;
}

/** `document` is changed when something is cut out of it. */
export function validate<Schema extends z.ZodType>(schema: Schema, document: unknown): Validated<z.output<Schema>> {
  const cuts = new Cuts(document);
  const faults: ConfigFault[] = [];
  let isRooted = true;
  while (isRooted) {
    const result = schema.safeParse(document);
    if (result.success) return { value: result.data, faults, toDocument: (pointer) => cuts.toDocument(pointer) };
    // What is found after a cut is mostly a consequence of the cut: a required key that is missing now.
    const isFirst = faults.length === 0;
    for (const issue of result.error.issues) {
      const input = issue.path.reduce<unknown>((value, step) => entryOf(value, step as string | number), document);
      if (!isFirst && input === undefined) continue;
      for (const fault of explainIssue(schema, issue, input)) {
        faults.push({ ...fault, pointer: cuts.toDocument(fault.pointer) });
      }
    }
    isRooted = cuts.cut(result.error.issues);
  }
  return { value: undefined, faults, toDocument: (pointer) => cuts.toDocument(pointer) };
}

/** Takes parts out of a document and remembers from which lists. */
class Cuts {
  readonly #document: unknown;
  /** For a list that lost entries: the original index of each that is left. */
  readonly #indexes = new WeakMap<readonly unknown[], readonly number[]>();

  constructor(document: unknown) {
    this.#document = document;
  }

  /** Cuts out what the issues are about; `false` when that is the document itself. */
  cut(issues: readonly z.core.$ZodIssue[]): boolean {
    const victims = new Map<object, Set<string | number>>();
    for (const issue of issues) {
      const paths = issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
      for (const path of paths) {
        const found = this.#innermost(path as Pointer);
        if (found === undefined) return false;
        victims.set(found.holder, (victims.get(found.holder) ?? new Set()).add(found.step));
      }
    }
    for (const [holder, steps] of victims) {
      if (Array.isArray(holder)) this.#cutEntries(holder, steps);
      else for (const step of steps) Reflect.deleteProperty(holder, step);
    }
    return true;
  }

  /** The innermost part at `pointer` that is there: the value, or the map in which a required key is missing. */
  #innermost(pointer: Pointer): { holder: object; step: string | number } | undefined {
    let found: { holder: object; step: string | number } | undefined;
    let value = this.#document;
    for (const step of pointer) {
      const inner = entryOf(value, step);
      if (inner === undefined) break;
      found = { holder: value as object, step };
      value = inner;
    }
    return found;
  }

  #cutEntries(list: unknown[], gone: ReadonlySet<string | number>): void {
    const before = this.#indexes.get(list);
    const left = [...list.keys()].filter((i) => !gone.has(i));
    const kept = left.map((i) => list[i]);
    const indexes = left.map((i) => before?.[i] ?? i);
    this.#indexes.set(list, indexes);
    list.length = 0;
    for (const entry of kept) list.push(entry);
  }

  toDocument(pointer: Pointer): Pointer {
    let value = this.#document;
    return pointer.map((step) => {
      const spelling = typeof step === "string" ? spellingIn(value, step) : step;
      const original = Array.isArray(value) && typeof step === "number" ? this.#indexes.get(value)?.[step] : undefined;
      value = entryOf(value, spelling);
      return original ?? spelling;
    });
  }
}

function entryOf(value: unknown, step: string | number): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string | number, unknown>)[step] : undefined;
}

/** The old spelling of a key where the operator used it. */
function spellingIn(map: unknown, key: string): string {
  if (entryOf(map, key) !== undefined) return key;
  return listOldSpellings(key).find((old) => entryOf(map, old) !== undefined) ?? key;
}
