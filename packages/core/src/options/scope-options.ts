/** One scope's `option-data`, for clients of any classes: entries may be limited to some. */
import { compileOptionData, emptyOptionSet, type OptionSet } from "./compile.ts";
import type { OptionDataEntry } from "./compile-entry.ts";
import type { OptionSpaces } from "./option-spaces.ts";

/** A scope's options for one client, by the name of the scope. */
export interface OptionLayer {
  readonly name: string;
  readonly set: OptionSet;
}

export interface ScopeOptions {
  /** As people call the scope, such as `subnet 192.0.2.0/24`. */
  readonly name: string;
  /** The classes that entries are limited to. */
  readonly limits: ReadonlySet<string>;
  /** What a client of these classes may be sent. */
  for(classes: ReadonlySet<string>): OptionSet;
}

const UNLIMITED: ReadonlySet<string> = new Set();

/** Most scopes have none: they share this. */
export const noOptions: ScopeOptions = { name: "", limits: UNLIMITED, for: () => emptyOptionSet };

export function compileScopeOptions(
  name: string,
  entries: readonly OptionDataEntry[],
  spaces: OptionSpaces,
): ScopeOptions {
  if (entries.length === 0) return noOptions;
  const limits = new Set(entries.flatMap((entry) => entry["client-classes"] ?? []));
  if (limits.size > 0) return { name, limits, for: (classes) => compileOptionData(entries, spaces, classes).set };
  const { set } = compileOptionData(entries, spaces);
  return { name, limits: UNLIMITED, for: () => set };
}

/** A subnet or a shared network, as `ScopeOptions.name`. */
export function nameScope(scope: { readonly subnet: string } | { readonly name: string }): string {
  return "subnet" in scope ? `subnet ${scope.subnet}` : `shared network ${scope.name}`;
}
