/** Which options exist: the standard ones and those that a configuration's `option-def` adds. */
import { declareType, type TypeDeclaration } from "./declared-type.ts";
import type { OptionDefinition } from "./option.ts";
import { checkFamily, codesOf, type OptionFamily, spaceOf } from "./option-family.ts";

/** What is wrong in a list of entries, and what to do; the path starts with the entry's index. */
export interface OptionFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Kea's `option-def` entry. */
export interface OptionDefEntry extends TypeDeclaration {
  readonly name: string;
  readonly code: number;
  readonly space?: string | undefined;
  /** The space whose sub-options the option carries. */
  readonly encapsulate?: string | undefined;
}

/** Definitions by space, code and name. A later one replaces an earlier one of its code; the older name still finds it. */
export class OptionSpaces {
  readonly family: OptionFamily;
  readonly #byCode = new Map<string, OptionDefinition>();
  readonly #codes = new Map<string, number>();

  /** The standard options of a family, and others. */
  constructor(family: OptionFamily, others: readonly OptionDefinition[] = []) {
    this.family = family;
    for (const definition of [...family.definitions, ...others]) {
      this.#byCode.set(`${definition.space} ${definition.code}`, definition);
      this.#codes.set(`${definition.space} ${definition.name}`, definition.code);
    }
  }

  byCode(space: string, code: number): OptionDefinition | undefined {
    return this.#byCode.get(`${space} ${code}`);
  }

  byName(space: string, name: string): OptionDefinition | undefined {
    const code = this.#codes.get(`${space} ${name}`);
    return code === undefined ? undefined : this.byCode(space, code);
  }

  namesIn(space: string): string[] {
    return [...this.#byCode.values()].flatMap((definition) => (definition.space === space ? [definition.name] : []));
  }

  /** Definitions that carry the sub-options of a space. */
  carriersOf(space: string): OptionDefinition[] {
    return [...this.#byCode.values()].filter((definition) => definition.encapsulates === space);
  }
}

/** Names of options and spaces as Kea has them. */
export function isOptionName(name: string): boolean {
  return /^[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?$/.test(name);
}

/** What `isOptionName` wants, for messages. */
export const NAME_RULE = 'use letters, digits, "-" and "_", the last two not at the ends';

/** Definitions as a narrower scope sees them: its own take the place of wider ones for the same option, and stand last. */
export function narrowOptionDefs<Entry extends OptionDefEntry>(
  wider: readonly Entry[],
  own: readonly Entry[],
): readonly Entry[] {
  const isHidden = ({ code, space }: Entry) => own.some((entry) => entry.code === code && entry.space === space);
  return [...wider.filter((entry) => !isHidden(entry)), ...own];
}

/** The standard options together with those of a configuration. Wrong entries are faults and left out. */
export function compileOptionDefs(
  entries: readonly OptionDefEntry[],
  standard: OptionSpaces,
): { spaces: OptionSpaces; faults: OptionFault[] } {
  if (entries.length === 0) return { spaces: standard, faults: [] };
  const { family } = standard;
  const custom: OptionDefinition[] = [];
  const faults: OptionFault[] = [];
  for (const [index, given] of entries.entries()) {
    const entry = {
      ...given,
      space: spaceOf(given.space, family),
      encapsulate: spaceOf(given.encapsulate ?? "", family),
    };
    const fault =
      findNameFault(entry, family) ??
      findConflict(entry, custom, standard) ??
      findEncapsulationFault(entry, [...family.definitions, ...custom]);
    const type = fault ?? declareType(entry, family.size);
    if ("message" in type) faults.push({ path: [index, type.key], message: type.message });
    else {
      const { name, code, space, encapsulate } = entry;
      custom.push({ code, name, space, rfc: "", type, ...(encapsulate !== "" && { encapsulates: encapsulate }) });
    }
  }
  return { spaces: new OptionSpaces(family, custom), faults };
}

interface CompleteEntry extends OptionDefEntry {
  readonly space: string;
  /** `""` for none. */
  readonly encapsulate: string;
}

interface EntryFault {
  readonly key: keyof OptionDefEntry;
  readonly message: string;
}

function findNameFault({ name, code, space }: CompleteEntry, family: OptionFamily): EntryFault | undefined {
  if (!isOptionName(name)) return { key: "name", message: `"${name}" is no name for an option: ${NAME_RULE}` };
  if (!isOptionName(space)) return { key: "space", message: `"${space}" is no name for an option space: ${NAME_RULE}` };
  const foreign = checkFamily(space, family);
  if (foreign !== undefined) return { key: "space", message: `${foreign}: use "${family.space}" or one of your own` };
  const [first, last] = codesOf(space, family);
  if (Number.isInteger(code) && code >= first && code <= last) return undefined;
  return { key: "code", message: `code ${code} is out of range: expected ${first} to ${last}` };
}

function findConflict(
  { name, code, space }: CompleteEntry,
  others: readonly OptionDefinition[],
  standard: OptionSpaces,
): EntryFault | undefined {
  const defined = standard.byCode(space, code);
  if (defined !== undefined && !standard.family.redefinable.includes(defined)) {
    const what = `option ${code} of space "${space}" is the standard option "${defined.name}"`;
    const remedy = 'remove this definition and use that name, or set the bytes with "csv-format": false';
    return { key: "code", message: `${what}, which cannot be defined anew: ${remedy}` };
  }
  const namesake = standard.byName(space, name);
  if (namesake !== undefined && namesake.code !== code) {
    const message = `"${name}" is the name of the standard option ${namesake.code} of space "${space}": choose another`;
    return { key: "name", message };
  }
  const duplicate = others.find((other) => other.space === space && (other.code === code || other.name === name));
  if (duplicate === undefined) return undefined;
  const message = `space "${space}" already has option ${duplicate.code} "${duplicate.name}": remove one of the two`;
  return { key: duplicate.code === code ? "code" : "name", message };
}

function findEncapsulationFault(
  { space, encapsulate, array }: CompleteEntry,
  definitions: readonly OptionDefinition[],
): EntryFault | undefined {
  const fault = (message: string): EntryFault => ({ key: "encapsulate", message });
  if (encapsulate === "") return undefined;
  if (!isOptionName(encapsulate)) return fault(`"${encapsulate}" is no name for an option space: ${NAME_RULE}`);
  if (reaches(encapsulate, space, definitions)) {
    return fault(`options of space "${encapsulate}" carry "${space}", which this option belongs to: break the circle`);
  }
  return array === true ? fault("no sub-options can follow an array: drop array or encapsulate") : undefined;
}

/** Whether options of a space carry sub-options of `target`, or carry options that do. */
function reaches(space: string, target: string, definitions: readonly OptionDefinition[]): boolean {
  const open = [space];
  for (const at of open) {
    if (at === target) return true;
    for (const { space, encapsulates } of definitions) {
      if (space === at && encapsulates !== undefined && !open.includes(encapsulates)) open.push(encapsulates);
    }
  }
  return false;
}
