/** `option-def` and `option-data`: what the options' own compiler says about them. */
import { compileOptionData } from "../../options/compile.ts";
import {
  compileOptionDefs,
  narrowOptionDefs,
  type OptionFault,
  type OptionSpaces,
} from "../../options/option-spaces.ts";
import type { OptionDataConfig, OptionDefConfig } from "../dhcp4-config.ts";
import type { Pointer, Severity } from "../fault.ts";
import { findNearest } from "../known-keys.ts";
import type { ClassNames } from "./class-names.ts";
import type { Report } from "./report.ts";

/** What the other family, or people, call an option. */
const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  "dns-servers": ["domain-name-servers"],
  "domain-name-servers": ["dns-servers"],
  dns: ["domain-name-servers", "dns-servers"],
  gateway: ["routers"],
  "default-gateway": ["routers"],
  netmask: ["subnet-mask"],
  "ntp-servers": ["sntp-servers"],
};

export class OptionChecker {
  readonly #standard: OptionSpaces;
  readonly #definitions: readonly OptionDefConfig[];
  readonly #classes: ClassNames;
  readonly #report: Report;
  /** The standard options and those of the configuration. */
  readonly spaces: OptionSpaces;

  /** @param pointer of the list of definitions */
  constructor(
    standard: OptionSpaces,
    definitions: readonly OptionDefConfig[],
    pointer: Pointer,
    classes: ClassNames,
    report: Report,
  ) {
    this.#standard = standard;
    this.#definitions = definitions;
    this.#classes = classes;
    this.#report = report;
    const { spaces, faults } = compileOptionDefs(definitions, standard);
    this.spaces = spaces;
    this.#hand(faults, "error", pointer);
  }

  /** @param pointer of the map that the list is in */
  check(entries: readonly OptionDataConfig[], pointer: Pointer, spaces = this.spaces): void {
    if (entries.length === 0) return;
    const { faults, warnings } = compileOptionData(entries, spaces);
    for (const { path, message } of faults) {
      const [index, key] = path;
      const entry = key === "name" && typeof index === "number" ? entries[index] : undefined;
      const fix = entry && suggestName(entry, spaces);
      this.#report({ pointer: [...pointer, "option-data", ...path], message, fix, severity: "error" });
    }
    this.#hand(warnings, "warning", [...pointer, "option-data"]);
    entries.forEach((entry, i) => {
      const names = entry["client-classes"];
      if (names.length > 0) this.#classes.use(names, [...pointer, "option-data", i, "client-classes"]);
    });
  }

  /** The same of a class, which has definitions of its own. */
  checkDefining(definitions: readonly OptionDefConfig[], entries: readonly OptionDataConfig[], pointer: Pointer): void {
    if (definitions.length === 0) {
      this.check(entries, pointer);
      return;
    }
    const at = [...pointer, "option-def"];
    const { family } = this.#standard;
    definitions.forEach(({ code, space }, i) => {
      if (space === family.space && family.isDefinedByClasses(code)) return;
      const message = "is no option that a class can define: only 43 and 224 to 254 of space dhcp4 are";
      const fix = 'move the definition to the global "option-def"';
      this.#report({ pointer: [...at, i, "code"], value: code, message, fix, severity: "error" });
    });
    const all = narrowOptionDefs(this.#definitions, definitions);
    const { spaces, faults } = compileOptionDefs(all, this.#standard);
    const before = all.length - definitions.length;
    const own = faults.flatMap(({ path: [index, ...rest], message }) =>
      typeof index === "number" && index >= before ? [{ path: [index - before, ...rest], message }] : [],
    );
    this.#hand(own, "error", at);
    this.check(entries, pointer, spaces);
  }

  #hand(faults: readonly OptionFault[], severity: Severity, pointer: Pointer): void {
    for (const { path, message } of faults) this.#report({ pointer: [...pointer, ...path], message, severity });
  }
}

/** For a name that is no option's. */
function suggestName({ name, space }: OptionDataConfig, spaces: OptionSpaces): string | undefined {
  if (name === undefined || spaces.byName(space, name) !== undefined) return undefined;
  const names = spaces.namesIn(space);
  const other = OTHER_NAMES[name]?.find((each) => names.includes(each));
  const meant = other ?? findNearest(name, names);
  return meant && `did you mean "${meant}"?`;
}
