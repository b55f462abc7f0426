/** Takes parts out of a scanned document, and knows afterwards where what is left stood before. */
import type { Pointer } from "../fault.ts";
import { listOldSpellings } from "../schema/renamed.ts";

export class Cuts {
  readonly #document: unknown;
  /** For a list that lost entries: the original index of each that is left. */
  readonly #indexes = new WeakMap<readonly unknown[], readonly number[]>();

  constructor(document: unknown) {
    this.#document = document;
  }

  /** Cuts out what stands at the pointers; `false` when that is the document itself. */
  cut(pointers: readonly Pointer[]): boolean {
    const victims = new Map<object, Set<string | number>>();
    for (const pointer of pointers) {
      const found = this.#innermost(pointer);
      if (found === undefined) return false;
      victims.set(found.holder, (victims.get(found.holder) ?? new Set()).add(found.step));
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
    return pointer.flatMap((step) => {
      // One value in the old spelling of what is a list in the new one.
      if (typeof step === "number" && value !== undefined && !Array.isArray(value)) return [];
      const spelling = typeof step === "string" ? spellingIn(value, step) : step;
      const original = Array.isArray(value) && typeof step === "number" ? this.#indexes.get(value)?.[step] : undefined;
      value = entryOf(value, spelling);
      return original ?? spelling;
    });
  }
}

/** The value at a pointer; `undefined` when there is none. */
export function entryAt(document: unknown, pointer: Pointer): unknown {
  return pointer.reduce<unknown>(entryOf, document);
}

function entryOf(value: unknown, step: string | number): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string | number, unknown>)[step] : undefined;
}

/** The old spelling of a key where the operator used it. */
function spellingIn(map: unknown, key: string): string {
  if (entryOf(map, key) !== undefined) return key;
  return listOldSpellings(key).find((old) => entryOf(map, old) !== undefined) ?? key;
}
