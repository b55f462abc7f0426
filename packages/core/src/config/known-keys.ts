/** Which keys a schema knows at a place, and which of them a misspelt one is nearest to. */
import type { z } from "zod";
import type { Pointer } from "./fault.ts";

/** The keys of the map at `pointer`; empty where any key may stand. */
export function listKnownKeys(schema: z.core.$ZodType, pointer: Pointer): readonly string[] {
  let current: z.core.$ZodType | undefined = schema;
  for (const step of pointer) {
    const def: z.core.$ZodTypes["_zod"]["def"] = definitionOf(current);
    if (def.type === "object") current = def.shape[step];
    else if (def.type === "array") current = def.element;
    else if (def.type === "tuple") current = def.items[Number(step)];
    else return [];
    if (current === undefined) return [];
  }
  const def = definitionOf(current);
  return def.type === "object" ? Object.keys(def.shape) : [];
}

/** Keys of a value that a schema does not know and drops: its maps are neither strict nor loose. */
export function* findIgnoredKeys(schema: z.core.$ZodType, value: unknown, pointer: Pointer = []): Generator<Pointer> {
  const def = definitionOf(schema);
  if (def.type === "array" && Array.isArray(value)) {
    for (const [i, entry] of value.entries()) yield* findIgnoredKeys(def.element, entry, [...pointer, i]);
  } else if (def.type === "object" && typeof value === "object" && value !== null && !Array.isArray(value)) {
    for (const [key, entry] of Object.entries(value)) {
      const inner = Object.hasOwn(def.shape, key) ? def.shape[key] : undefined;
      if (inner !== undefined) yield* findIgnoredKeys(inner, entry, [...pointer, key]);
      else if (def.catchall === undefined) yield [...pointer, key];
    }
  }
}

/** What a schema is underneath its defaults and transformations. */
function definitionOf(schema: z.core.$ZodType): z.core.$ZodTypes["_zod"]["def"] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === "pipe") return definitionOf(isTransform(def.in) ? def.out : def.in);
  if (def.type === "optional" || def.type === "default" || def.type === "prefault") return definitionOf(def.innerType);
  return def;
}

function isTransform(schema: z.core.$ZodType): boolean {
  return schema._zod.def.type === "transform";
}

/** The word that takes the fewest edits, at most a third of its length; `undefined` when none is near. */
export function findNearest(word: string, candidates: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let least = Math.floor(word.length / 3) + 1;
  for (const candidate of candidates) {
    const edits = countEdits(word.toLowerCase(), candidate.toLowerCase(), least);
    if (edits < least) {
      least = edits;
      nearest = candidate;
    }
  }
  return nearest;
}

/** Insertions, removals and replacements that turn `a` into `b`; gives up at `limit`. */
function countEdits(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      next.push(Math.min(row[j + 1]! + 1, next[j]! + 1, row[j]! + (a[i] === b[j] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
