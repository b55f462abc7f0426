/** How Kea 2.6 gives keys back, where that is not their value under their name: said beside each key, for `config-get`. */
import { z } from "zod";
import type { OptionSpaces } from "../../options/option-spaces.ts";

export type KeaMap = Readonly<Record<string, unknown>>;

export type Scopes = readonly [map: KeaMap, ...outer: KeaMap[]];

export interface KeaForm<Value = unknown> {
  /** Kea's name, where ours is a newer one. */
  readonly name?: string;
  /** The name for a list of one, which is then given as that one. */
  readonly single?: string;
  /** Whether that one may be given so. */
  isSingle?(entry: KeaMap): boolean;
  /** Whether a value says nothing and is left out. */
  isSilent?(value: Value, map: KeaMap): boolean;
  /** What an entry of the list is sorted by; as in the file otherwise. */
  sortKey?(entry: KeaMap): number | string;
  /** The value as Kea writes it. */
  format?(value: Value, map: KeaMap, spaces: OptionSpaces | undefined): unknown;
  /** What Kea gives where the map does not have the key. `scopes`: the map, and those around it, the innermost first. */
  complete?(scopes: Scopes, spaces: OptionSpaces | undefined): unknown;
}

const forms = new WeakMap<z.core.$ZodType, KeaForm>();

/** Says it of a key. What is said of it besides comes before. */
export function asKea<Schema extends z.ZodType>(schema: Schema, form: KeaForm<NonNullable<z.output<Schema>>>): Schema {
  forms.set(schema, form as KeaForm);
  return schema;
}

export function keaFormOf(schema: z.core.$ZodType): KeaForm | undefined {
  return forms.get(schema);
}

/** For `isSilent`: "", [] and {}. */
export function isEmpty(value: object | string): boolean {
  return Object.keys(value).length === 0;
}

/** Keys of scopes that Kea writes out in inner ones; where none of the three says anything, `base` says what holds. */
export function handedDown<Shape extends z.ZodRawShape>(shape: Shape, base?: keyof Shape & string) {
  const { shape: optional } = z.object(shape).partial();
  for (const [key, schema] of Object.entries(optional)) {
    const keys = base === undefined ? [key] : [key, base];
    asKea(schema as z.ZodType, { complete: (scopes) => (scopes.length === 1 ? undefined : findIn(scopes, keys)) });
  }
  return optional;
}

/** What the innermost scope says, of the first key that any says. */
function findIn(scopes: Scopes, keys: readonly string[]): unknown {
  for (const key of keys) {
    for (const scope of scopes) if (scope[key] !== undefined) return scope[key];
  }
  return undefined;
}
