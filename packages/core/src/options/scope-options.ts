/** One scope's `option-data`, for clients of any classes: entries may be limited to some. */
import { compileOptionData, emptyOptionSet, type OptionSet } from "./compile.ts";
import type { OptionDataEntry } from "./compile-entry.ts";
import type { OptionSpaces } from "./option-spaces.ts";

export interface ScopeOptions {
  /** The classes that entries are limited to. */
  readonly limits: ReadonlySet<string>;
  /** What a client of these classes may be sent. */
  for(classes: ReadonlySet<string>): OptionSet;
}

const UNLIMITED: ReadonlySet<string> = new Set();

/** Most scopes have none: they share this. */
export const noOptions: ScopeOptions = { limits: UNLIMITED, for: () => emptyOptionSet };

export function compileScopeOptions(entries: readonly OptionDataEntry[], spaces: OptionSpaces): ScopeOptions {
  if (entries.length === 0) return noOptions;
  const limits = new Set(entries.flatMap((entry) => entry["client-classes"] ?? []));
  if (limits.size > 0) return { limits, for: (classes) => compileOptionData(entries, spaces, classes).set };
  const { set } = compileOptionData(entries, spaces);
  return { limits: UNLIMITED, for: () => set };
}
