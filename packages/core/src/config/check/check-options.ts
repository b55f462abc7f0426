/** `option-def` and `option-data`: what the options' own compiler says about them. */
import { compileOptionData } from "../../options/compile.ts";
import { compileOptionDefs, type OptionFault, type OptionSpaces } from "../../options/option-spaces.ts";
import type { OptionDataConfig, OptionDefConfig } from "../dhcp4-config.ts";
import type { Pointer, Severity } from "../fault.ts";
import type { Report } from "./report.ts";

export class OptionChecker {
  readonly #report: Report;
  /** The standard options and those of the configuration. */
  readonly spaces: OptionSpaces;

  /** @param pointer of the list of definitions */
  constructor(standard: OptionSpaces, definitions: readonly OptionDefConfig[], pointer: Pointer, report: Report) {
    this.#report = report;
    const { spaces, faults } = compileOptionDefs(definitions, standard);
    this.spaces = spaces;
    this.#hand(faults, "error", pointer);
  }

  /** @param pointer of the map that the list is in */
  check(entries: readonly OptionDataConfig[], pointer: Pointer): void {
    if (entries.length === 0) return;
    const { faults, warnings } = compileOptionData(entries, this.spaces);
    this.#hand(faults, "error", [...pointer, "option-data"]);
    this.#hand(warnings, "warning", [...pointer, "option-data"]);
  }

  #hand(faults: readonly OptionFault[], severity: Severity, pointer: Pointer): void {
    for (const { path, message } of faults) this.#report({ pointer: [...pointer, ...path], message, severity });
  }
}
