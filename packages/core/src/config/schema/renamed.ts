/** Keys that newer versions of Kea call by another name: both spellings are read, the newer one comes out. */
import type { z } from "zod";

type Renamed<Out, Old, Defaults> = Omit<Out, Old & string> & {
  [Key in keyof Out & keyof Defaults]-?: NonNullable<Out[Key]>;
};

const oldSpellings = new Map<string, Set<string>>();

/** What a key was called before, in any map. */
export function listOldSpellings(key: string): readonly string[] {
  return [...(oldSpellings.get(key) ?? [])];
}

/**
 * @param names old spelling → new spelling; giving both is a fault
 * @param defaults what the new spellings are when neither was given
 */
export function renamed<
  Shape extends z.ZodRawShape,
  const Names extends Partial<Record<keyof Shape & string, keyof Shape & string>>,
  const Defaults extends Readonly<Record<string, unknown>> = Record<never, never>,
>(schema: z.ZodObject<Shape, z.core.$strict>, names: Names, defaults?: Defaults) {
  type Out = Renamed<z.output<typeof schema>, keyof Names, Defaults>;
  const pairs = Object.entries(names) as [string, string][];
  const initial = Object.entries(defaults ?? {});
  for (const [old, current] of pairs) {
    oldSpellings.set(current, (oldSpellings.get(current) ?? new Set()).add(old));
  }
  return schema.transform((value, context): Out => {
    const map = value as Record<string, unknown>;
    for (const [old, current] of pairs) {
      if (map[old] === undefined) continue;
      if (map[current] !== undefined) {
        const message = `is the old spelling of "${current}", which is given too`;
        context.addIssue({ code: "custom", path: [old], message, params: { fix: `remove "${old}"`, at: "key" } });
      }
      map[current] ??= map[old];
      delete map[old];
    }
    for (const [key, fallback] of initial) map[key] ??= fallback;
    return map as Out;
  });
}
