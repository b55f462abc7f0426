/** Which options exist: the standard ones and those that a configuration's `option-def` adds. */
import { binary, empty, string, tuple } from "../../wire/byte-types.ts";
import { fqdn } from "../../wire/domain-name.ts";
import { list, type OptionType, record } from "../../wire/option-type.ts";
import {
  boolean,
  int8,
  int16,
  int32,
  ipv4Address,
  ipv6Address,
  ipv6Prefix,
  psid,
  uint8,
  uint16,
  uint32,
} from "../../wire/scalar-types.ts";
import { dhcp4Options } from "./index.ts";
import { DHCP4_SPACE, type OptionDefinition } from "./option.ts";
import { cablelabsOptions, docsisOptions, relayAgentOptions } from "./sub-option-tables.ts";

/** What is wrong in a list of entries, and what to do; the path starts with the entry's index. */
export interface OptionFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Kea's `option-def` entry. */
export interface OptionDefEntry {
  readonly name: string;
  readonly code: number;
  readonly type: string;
  readonly space?: string | undefined;
  readonly array?: boolean | undefined;
  /** Types of a record's fields, separated by commas. */
  readonly "record-types"?: string | undefined;
  /** The space whose sub-options the option carries. */
  readonly encapsulate?: string | undefined;
}

/** The types that `option-def` may name. `internal` is Kea's word for bytes that only code can read. */
const TYPES: ReadonlyMap<string, OptionType<unknown>> = new Map<string, OptionType<unknown>>([
  ["binary", binary],
  ["boolean", boolean],
  ["empty", empty],
  ["fqdn", fqdn],
  ["ipv4-address", ipv4Address],
  ["ipv6-address", ipv6Address],
  ["ipv6-prefix", ipv6Prefix],
  ["psid", psid],
  ["string", string],
  ["tuple", tuple(1)],
  ["uint8", uint8],
  ["uint16", uint16],
  ["uint32", uint32],
  ["int8", int8],
  ["int16", int16],
  ["int32", int32],
  ["internal", binary],
]);

/** They take all that is left, so nothing can come behind them. */
const OPEN_ENDED: ReadonlySet<string> = new Set(["binary", "string", "empty", "internal"]);

/** Kea lets these be defined although they have a standard meaning: their payload is the vendor's or the site's. */
const VENDOR_ENCAPSULATED_OPTIONS = 43;

/** Definitions by space, code and name. A later one replaces an earlier one of its code; the older name still finds it. */
export class OptionSpaces {
  readonly #byCode = new Map<string, OptionDefinition>();
  readonly #codes = new Map<string, number>();

  constructor(definitions: Iterable<OptionDefinition>) {
    for (const definition of definitions) {
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

  /** Definitions that carry the sub-options of a space. */
  carriersOf(space: string): OptionDefinition[] {
    return [...this.#byCode.values()].filter((definition) => definition.encapsulates === space);
  }
}

const STANDARD: readonly OptionDefinition[] = [
  ...Object.values(dhcp4Options),
  ...relayAgentOptions,
  ...cablelabsOptions,
  ...docsisOptions,
];

export const standardSpaces = new OptionSpaces(STANDARD);

/** Letters, digits, `-` and `_`, not at the ends, as Kea has it for names of options and spaces. */
export function isOptionName(name: string): boolean {
  return /^[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?$/.test(name);
}

/** The standard options together with those of a configuration. Wrong entries are faults and left out. */
export function compileOptionDefs(entries: readonly OptionDefEntry[]): { spaces: OptionSpaces; faults: OptionFault[] } {
  const custom: OptionDefinition[] = [];
  const faults: OptionFault[] = [];
  for (const [index, entry] of entries.entries()) {
    const compiled = compileOptionDef(entry, custom);
    if ("type" in compiled) custom.push(compiled);
    else faults.push({ path: [index, ...compiled.path], message: compiled.message });
  }
  return { spaces: new OptionSpaces([...STANDARD, ...custom]), faults };
}

function compileOptionDef(entry: OptionDefEntry, others: readonly OptionDefinition[]): OptionDefinition | OptionFault {
  const { name, code, space = DHCP4_SPACE, encapsulate = "" } = entry;
  const fault = (key: keyof OptionDefEntry, message: string): OptionFault => ({ path: [key], message });

  if (!isOptionName(name)) {
    return fault(
      "name",
      `"${name}" is no option name: use letters, digits, "-" and "_", and begin and end with neither`,
    );
  }
  if (!isOptionName(space)) {
    return fault("space", `"${space}" is no option space name: use letters, digits, "-" and "_"`);
  }
  if (space === "dhcp6")
    return fault("space", `space "dhcp6" belongs to the DHCPv6 server: expected "dhcp4" or your own`);
  if (!Number.isInteger(code) || code < 0 || code > 255)
    return fault("code", `code ${code} is out of range: expected 1 to 254`);
  if (space === DHCP4_SPACE && (code === 0 || code === 255)) {
    return fault(
      "code",
      `code ${code} is reserved for ${code === 0 ? "padding" : "the end of options"}: expected 1 to 254`,
    );
  }
  const standard = standardSpaces.byCode(space, code);
  if (standard !== undefined && code !== VENDOR_ENCAPSULATED_OPTIONS) {
    return fault(
      "code",
      `option ${code} of space "${space}" is the standard option "${standard.name}" and cannot be defined anew; ` +
        `use it by that name, or set its bytes with "csv-format": false`,
    );
  }
  const sameName = standardSpaces.byName(space, name);
  if (sameName !== undefined && sameName.code !== code) {
    return fault(
      "name",
      `"${name}" is the name of standard option ${sameName.code} of space "${space}": choose another`,
    );
  }
  const duplicate = others.find((other) => other.space === space && (other.code === code || other.name === name));
  if (duplicate !== undefined) {
    return fault(
      duplicate.code === code ? "code" : "name",
      `space "${space}" already has option ${duplicate.code} "${duplicate.name}": remove one of the two`,
    );
  }
  if (encapsulate !== "") {
    if (!isOptionName(encapsulate)) {
      return fault("encapsulate", `"${encapsulate}" is no option space name: use letters, digits, "-" and "_"`);
    }
    if (reaches(encapsulate, space, [...STANDARD, ...others])) {
      return fault(
        "encapsulate",
        `space "${encapsulate}" carries "${space}", to which this option belongs: break the circle`,
      );
    }
    if (entry.array === true) {
      return fault(
        "encapsulate",
        "an array takes the whole payload, so no sub-options can follow: drop array or encapsulate",
      );
    }
  }
  const type = compileType(entry);
  if ("message" in type) return type;
  return { code, name, space, rfc: "", type, ...(encapsulate !== "" && { encapsulates: encapsulate }) };
}

/** Whether options of a space may, directly or through others, carry sub-options of `target`. */
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

function compileType(entry: OptionDefEntry): OptionType<unknown> | OptionFault {
  const array = entry.array === true;
  const fields = (entry["record-types"] ?? "")
    .split(",")
    .map((field) => field.trim())
    .filter((field) => field !== "");
  const known = [...TYPES.keys()].join(", ");
  if (entry.type !== "record") {
    const type = TYPES.get(entry.type);
    if (type === undefined) {
      return { path: ["type"], message: `unknown type "${entry.type}": expected record, ${known}` };
    }
    if (fields.length > 0) {
      return { path: ["record-types"], message: `record-types needs "type": "record", not "${entry.type}"` };
    }
    if (!array) return type;
    return OPEN_ENDED.has(entry.type)
      ? {
          path: ["array"],
          message: `there is no array of ${entry.type}, since one takes the whole payload: drop array`,
        }
      : list(type);
  }
  if (fields.length < 2) {
    return { path: ["record-types"], message: 'a record needs at least two field types, e.g. "uint8, ipv4-address"' };
  }
  const types: OptionType<unknown>[] = [];
  for (const [i, field] of fields.entries()) {
    const type = TYPES.get(field);
    if (type === undefined)
      return { path: ["record-types"], message: `unknown field type "${field}": expected ${known}` };
    if (field === "empty" || field === "internal") {
      return { path: ["record-types"], message: `a record cannot have a field of type ${field}` };
    }
    const last = i === fields.length - 1;
    if (OPEN_ENDED.has(field) && !last) {
      return { path: ["record-types"], message: `a ${field} takes the rest of the payload: it must be the last field` };
    }
    if (OPEN_ENDED.has(field) && array) {
      return {
        path: ["array"],
        message: `the last field, a ${field}, takes the whole payload and cannot repeat: drop array`,
      };
    }
    types.push(last && array ? list(type) : type);
  }
  return record(...types);
}
