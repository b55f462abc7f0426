/** Entries of `option-data` with all that Kea's tables keep of them. */
import { identifyOption, type OptionDataEntry } from "../../options/compile-entry.ts";
import type { OptionSpaces } from "../../options/option-spaces.ts";

/** @param entries have been checked @returns the same with `code` and `csv-format` */
export function completeOptions<Entry extends OptionDataEntry>(
  entries: readonly Entry[],
  spaces: OptionSpaces,
): readonly Entry[] {
  return entries.map((entry) => {
    const { code, definition } = identifyOption(entry, spaces)!;
    return { ...entry, code, "csv-format": entry["csv-format"] ?? definition !== undefined };
  });
}
