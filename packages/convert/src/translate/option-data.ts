/** Values of options as Kea's `option-data`, and definitions of the file as `option-def`. */
import { equalBytes } from "@kotare/core/base/bytes";
import { compileEntry, type OptionDataEntry } from "@kotare/core/options/compile-entry";
import {
  compileOptionDefs,
  isOptionName,
  type OptionDefEntry,
  type OptionSpaces,
} from "@kotare/core/options/option-spaces";
import { vendorSpace } from "@kotare/core/options/vendor-space";
import type { DhcpdOption, OptionRegistry } from "../dhcpd/option-registry.ts";
import type { Ledger } from "../ledger.ts";
import type { OptionSetting, Settings } from "../statements/settings.ts";
import type { ConvertedFamily } from "./family.ts";

/** Spaces that dhcpd fills by itself. */
const UNSENT: Readonly<Record<string, string>> = {
  agent: "a server does not set the relay's options",
  fqdn: "Kea writes the client's FQDN option by itself",
  fqdn6: "Kea writes the client's FQDN option by itself",
  nwip: "Kea has no options of NetWare",
  server: "it is dhcpd's own name of a parameter",
};

export class OptionWriter {
  readonly #family: ConvertedFamily;
  readonly #registry: OptionRegistry;
  readonly #ledger: Ledger;
  readonly #spaces: OptionSpaces;
  readonly #siteSpaces: ReadonlySet<string>;
  /** Definitions for the result. */
  readonly definitions: readonly OptionDefEntry[];

  /** @param siteSpaces of `site-option-space`, whose options stand among those of the message */
  constructor(family: ConvertedFamily, registry: OptionRegistry, siteSpaces: ReadonlySet<string>, ledger: Ledger) {
    this.#family = family;
    this.#siteSpaces = siteSpaces;
    this.#registry = registry;
    this.#ledger = ledger;
    const wanted: OptionDefEntry[] = [];
    for (const option of registry.defined) {
      const entry = this.#define(option);
      const isTaken = wanted.some(
        ({ space, code, name }) => space === entry?.space && (code === entry?.code || name === entry?.name),
      );
      if (entry !== undefined && !isTaken) wanted.push(entry);
    }
    const { faults } = compileOptionDefs(wanted, family.standard);
    const refused = new Set(faults.map(({ path }) => path[0]));
    this.definitions = wanted.filter((_, i) => !refused.has(i));
    this.#spaces = compileOptionDefs(this.definitions, family.standard).spaces;
  }

  /** Kea has standard options' definitions itself, and those of other spaces as far as the result needs them. */
  #define(option: DhcpdOption): OptionDefEntry | undefined {
    const space = this.#keaSpace(option.space);
    if (space === undefined || this.#family.standard.byCode(space, option.code) !== undefined) return undefined;
    const isClash = this.#family.standard.byName(space, option.name) !== undefined;
    const name = isClash || !isOptionName(option.name) ? `option-${option.code}` : option.name;
    return { name, code: option.code, space, ...typeOf(option.format) };
  }

  /** @returns `undefined` for a space whose options Kea does not send */
  #keaSpace(space: string): string | undefined {
    if (this.#isMain(space)) return this.#family.keaSpace;
    if (space in UNSENT || space === "dhcp" || space === "dhcp6" || space === this.#family.vendorOptions.space) {
      return undefined;
    }
    const enterprise = this.#enterpriseOf(space);
    return enterprise === undefined ? space : vendorSpace(enterprise);
  }

  #isMain(space: string): boolean {
    return space === this.#family.mainSpace || this.#siteSpaces.has(space);
  }

  /** The enterprise number of a space that `option vendor.x code N = encapsulate SPACE` names. */
  #enterpriseOf(space: string): number | undefined {
    const { vendorOptions } = this.#family;
    return this.#registry.carriersOf(space).find((carrier) => carrier.space === vendorOptions.space)?.code;
  }

  /**
   * @param outer settings of the wider scopes, the widest first: options in options are sent together with theirs
   * @param vendorSpace the space whose options are option 43, where the scope has one
   */
  write(settings: Settings, outer: readonly Settings[], vendorSpace: string | undefined): OptionDataEntry[] {
    const entries: OptionDataEntry[] = [];
    const spaces = new Set<string>();
    const hasVendorOptions = [...outer, settings].some(({ options }) => options.has("dhcp 43"));
    for (const setting of settings.options.values()) {
      const { space } = setting.option;
      if (space === vendorSpace && hasVendorOptions) {
        this.#ledger.note(setting.clause, "has no effect: dhcpd sends vendor-encapsulated-options, which is set, too");
      } else if (this.#isMain(space)) entries.push(...this.#entry(setting));
      else if (space === "dhcp") {
        this.#ledger.note(setting.clause, "is an option of DHCPv4: dhcpd sends it to no client of DHCPv6 either");
      } else if (space === "dhcp6") {
        this.#ledger.note(setting.clause, "is an option of DHCPv6: dhcpd sends it to no client of DHCPv4 either");
      } else if (this.#carrierOf(space, vendorSpace) === undefined) {
        this.#ledger.lose(setting.clause, UNSENT[space] ?? "no option carries its space", "leave it out");
      } else spaces.add(space);
    }
    for (const space of spaces) {
      const merged = new Map<string, OptionSetting>();
      for (const scope of [...outer, settings]) {
        for (const [key, setting] of scope.options) if (setting.option.space === space) merged.set(key, setting);
      }
      entries.push(...this.#carried(space, [...merged.values()], vendorSpace));
    }
    return entries;
  }

  /** What carries the options of a space in a message; a number is that of an enterprise. */
  #carrierOf(space: string, vendorSpace: string | undefined): DhcpdOption | "vendor" | number | undefined {
    if (space === vendorSpace) return "vendor";
    const [carrier] = this.#registry.carriersOf(space).filter((each) => each.space === this.#family.mainSpace);
    return carrier ?? this.#enterpriseOf(space);
  }

  #carried(space: string, settings: readonly OptionSetting[], vendorSpace: string | undefined): OptionDataEntry[] {
    const carrier = this.#carrierOf(space, vendorSpace);
    if (carrier === "vendor") {
      for (const { clause } of settings) this.#ledger.carry(clause);
      const bytes = settings.flatMap(({ option: { code }, value }) => [code, value.bytes.length, ...value.bytes]);
      return [{ name: "vendor-encapsulated-options", "csv-format": false, data: Buffer.from(bytes).toString("hex") }];
    }
    const container =
      typeof carrier === "object" ? this.#spaces.byCode(this.#family.keaSpace, carrier.code) : undefined;
    if (typeof carrier === "object" && container?.encapsulates !== space) {
      const why = `stands in option ${carrier.code}, which carries no options in Kea`;
      for (const { clause } of settings) this.#ledger.lose(clause, why, "give the bytes of that option");
      return [];
    }
    const inside = settings.flatMap((setting) => this.#entry(setting));
    if (carrier === undefined || inside.length === 0) return inside;
    if (container !== undefined) return [{ name: container.name }, ...inside];
    const { vendorOptions, keaSpace } = this.#family;
    const { name } = this.#family.standard.byCode(keaSpace, vendorOptions.code)!;
    // Kea's clients ask for each of a vendor's options.
    return [{ name, data: `${carrier}` }, ...inside.map((entry) => ({ ...entry, "always-send": true }))];
  }

  /** @returns one entry, or none when Kea cannot have the value */
  #entry({ option, value, clause }: OptionSetting): OptionDataEntry[] {
    const space = this.#keaSpace(option.space)!;
    const definition = this.#spaces.byCode(space, option.code);
    const which = {
      ...(definition === undefined ? { code: option.code } : { name: definition.name }),
      ...(space === this.#family.keaSpace ? {} : { space }),
    };
    const asText = { ...which, ...(value.fields.length > 0 && { data: value.fields.join(", ") }) };
    const asBytes = { ...which, "csv-format": false, data: Buffer.from(value.bytes).toString("hex") };
    for (const entry of definition === undefined ? [asBytes] : [asText, asBytes]) {
      const verdict = compileEntry(entry, 0, this.#spaces);
      if ("fault" in verdict || verdict.warning !== undefined) continue;
      const { data } = verdict.entry;
      // Compressed names are others' bytes.
      if (entry === asBytes || option.format === "Dc" || (data && equalBytes(data, value.bytes))) {
        this.#ledger.carry(clause);
        return [entry];
      }
    }
    const { name = `option ${option.code}`, type } = definition ?? {};
    const why = `has a value that Kea's ${name}${type === undefined ? "" : ` (${type.label})`} cannot have`;
    this.#ledger.lose(clause, why, "write the value that is meant into option-data");
    return [];
  }

  /** Kea's name or number of an option of a message; for `libdhcp_flex_option.so`. */
  which({ code, space }: DhcpdOption): { readonly code: number } | undefined {
    return this.#isMain(space) ? { code } : undefined;
  }
}

const LETTERS: Readonly<Record<string, string>> = {
  I: "ipv4-address",
  "6": "ipv6-address",
  B: "uint8",
  S: "uint16",
  L: "uint32",
  T: "uint32",
  b: "int8",
  s: "int16",
  l: "int32",
  f: "boolean",
  t: "string",
  X: "binary",
  d: "fqdn",
};

/** A format as Kea's definition; `binary` for what Kea has no type of. */
export function typeOf(format: string): Omit<OptionDefEntry, "name" | "code" | "space"> {
  if (format.startsWith("E")) return { type: "empty", encapsulate: format.slice(1) };
  if (/^Dc?$/.test(format)) return { type: "fqdn", array: true };
  if (format === "Z") return { type: "empty" };
  const isArray = format.endsWith("A");
  const types = [...(isArray ? format.slice(0, -1) : format)].map((letter) => LETTERS[letter]);
  const isOpen = (type: string | undefined) => type === "string" || type === "binary";
  if (types.includes(undefined) || types.slice(0, -1).some(isOpen) || (isArray && isOpen(types.at(-1)))) {
    return { type: "binary" };
  }
  if (types.length === 1) return { type: types[0]!, ...(isArray && { array: true }) };
  // In Kea only the last field of a record repeats.
  return isArray ? { type: "binary" } : { type: "record", "record-types": types.join(", ") };
}
