/** From a configuration's `option-data` to the bytes that go out. */
import { Writer } from "../wire/writer.ts";
import { type CompiledEntry, compileEntry, type OptionDataEntry } from "./compile-entry.ts";
import { decodeOption } from "./option.ts";
import type { OptionFamily } from "./option-family.ts";
import type { OptionFault, OptionSpaces } from "./option-spaces.ts";
import { enterpriseOf, type VendorData, vendorSpace } from "./vendor-space.ts";

/** An option as one list of `option-data` has it. */
export interface CompiledOption {
  readonly code: number;
  /**
   * The whole payload, sub-options included; of DHCPv4, above 255 bytes, it is for the encoder to split. Empty only
   * where the operator's definition or bytes are. `undefined`: nothing to send, but a value from a wider scope is hidden.
   */
  readonly data: Uint8Array | undefined;
  readonly always: boolean;
  readonly never: boolean;
}

/** One list of `option-data`, ready to be sent. */
export interface OptionSet {
  /** Options of a message, by `instanceKey`, in the order of their keys. */
  readonly options: ReadonlyMap<number, CompiledOption>;
  /**
   * Sub-options of vendor options by enterprise number, then by code. `options` has the option itself with those that
   * are always sent; the others are for clients that ask for them (DOCSIS).
   */
  readonly vendorOptions: ReadonlyMap<number, ReadonlyMap<number, CompiledOption>>;
}

/**
 * What tells options of a set apart: the code; where each vendor has an option of its own (DHCPv6) the code and the
 * enterprise number. Below 65,536 it is the code.
 */
export function instanceKey(code: number, enterprise = 0): number {
  return enterprise * 0x1_0000 + code;
}

export interface CompiledOptionData {
  readonly set: OptionSet;
  /** Entries that cannot be used; they are not in the set. */
  readonly faults: readonly OptionFault[];
  /** Entries that Kea takes, too, but that do not do what they seem to. */
  readonly warnings: readonly OptionFault[];
}

export const emptyOptionSet: OptionSet = { options: new Map(), vendorOptions: new Map() };

/** The entries of one list by space, then by `instanceKey`. */
type Entries = ReadonlyMap<string, ReadonlyMap<number, CompiledEntry>>;

/** @param classes the client's, where entries are limited to classes; without them every entry counts, to be checked */
export function compileOptionData(
  list: readonly OptionDataEntry[],
  spaces: OptionSpaces,
  classes?: ReadonlySet<string>,
): CompiledOptionData {
  const faults: OptionFault[] = [];
  const warnings: OptionFault[] = [];
  const entries = new Map<string, Map<number, CompiledEntry>>();
  for (const [index, given] of list.entries()) {
    if (classes !== undefined && !isFor(given, classes)) continue;
    const verdict = compileEntry(given, index, spaces);
    if ("fault" in verdict) faults.push(verdict.fault);
    else {
      if (verdict.warning !== undefined) warnings.push(verdict.warning);
      addEntry(verdict.entry, entries, warnings, spaces.family);
    }
  }
  const encoder = new Encoder(entries, spaces.family, faults);
  const vendorOptions = new Map<number, ReadonlyMap<number, CompiledOption>>();
  for (const space of entries.keys()) {
    const enterprise = enterpriseOf(space);
    if (enterprise !== undefined) vendorOptions.set(enterprise, encoder.space(space));
  }
  const set = { options: encoder.space(spaces.family.space), vendorOptions };
  warnings.push(...findUnsent(entries, encoder.carried, spaces));
  return { set, faults, warnings };
}

/** As in Kea `never-send` holds for clients of all classes. */
function isFor(given: OptionDataEntry, classes: ReadonlySet<string>): boolean {
  const limits = given["client-classes"] ?? [];
  return limits.length === 0 || given["never-send"] === true || limits.some((name) => classes.has(name));
}

/**
 * As in Kea the later of two entries counts, and the first of those for different classes that the client is in. Vendor
 * classes and options exist once a vendor, not once a message.
 */
function addEntry(
  entry: CompiledEntry,
  entries: Map<string, Map<number, CompiledEntry>>,
  warnings: OptionFault[],
  family: OptionFamily,
): void {
  const space = entries.get(entry.space) ?? new Map<number, CompiledEntry>();
  entries.set(entry.space, space);
  const key = keyOf(entry, family);
  const before = space.get(key);
  if (before !== undefined && String(before.classes) !== String(entry.classes)) return;
  const merged = before && mergeVendors(before, entry, family);
  space.set(key, merged ?? entry);
  if (before !== undefined && merged === undefined) {
    const message = `replaces entry ${before.index}, which sets the same option: remove one of the two`;
    warnings.push({ path: [entry.index], message });
  }
}

function keyOf(entry: CompiledEntry, family: OptionFamily): number {
  const [vendor] = family.isVendorAlone && hasVendors(entry, family) ? vendorsOf(entry, family) : [];
  return instanceKey(entry.code, vendor?.enterprise);
}

function hasVendors({ space, code }: CompiledEntry, family: OptionFamily): boolean {
  return space === family.space && (code === family.vendorClasses.code || code === family.vendorOptions.code);
}

/** Both entries as one option; `undefined` when they do not stand for different vendors. */
function mergeVendors(before: CompiledEntry, entry: CompiledEntry, family: OptionFamily): CompiledEntry | undefined {
  if (family.isVendorAlone || !hasVendors(entry, family)) return undefined;
  const vendors = [...vendorsOf(before, family), ...vendorsOf(entry, family)];
  if (new Set(vendors.map(({ enterprise }) => enterprise)).size < vendors.length) return undefined;
  const writer = new Writer();
  family.vendorOptions.type.encode(vendors, writer);
  return { ...entry, data: writer.take(), always: before.always || entry.always, never: before.never || entry.never };
}

function vendorsOf({ data }: CompiledEntry, family: OptionFamily): readonly VendorData[] {
  return data === undefined ? [] : decodeOption(family.vendorOptions, data);
}

/** Puts sub-options into the options that carry them, to any depth; circles are refused when options are defined. */
class Encoder {
  readonly #entries: Entries;
  readonly #family: OptionFamily;
  readonly #faults: OptionFault[];
  /** Spaces whose sub-options have found their place. */
  readonly carried = new Set<string>();

  constructor(entries: Entries, family: OptionFamily, faults: OptionFault[]) {
    this.#entries = entries;
    this.#family = family;
    this.#faults = faults;
  }

  /** Options of a space in the order of their keys; without those that are too long. */
  space(space: string): ReadonlyMap<number, CompiledOption> {
    const options = new Map<number, CompiledOption>();
    for (const [key, entry] of [...(this.#entries.get(space) ?? [])].sort(([a], [b]) => a - b)) {
      const { code, always, never } = entry;
      const data = this.#payload(entry);
      if (data !== undefined && data.length > this.#family.maxPayload) this.#reportLength(entry.index, data.length);
      else options.set(key, { code, data, always, never });
    }
    return options;
  }

  /** Once an entry, though a vendor's options are encoded for themselves, too. */
  #reportLength(index: number, length: number): void {
    if (this.#faults.some(({ path }) => path[0] === index)) return;
    const message = `the option takes ${length} bytes: at most ${this.#family.maxPayload} can be sent`;
    this.#faults.push({ path: [index], message });
  }

  #payload(entry: CompiledEntry): Uint8Array | undefined {
    if (entry.data === undefined) return undefined;
    const writer = new Writer();
    if (entry.space === this.#family.space && entry.code === this.#family.vendorOptions.code) {
      const vendors = vendorsOf(entry, this.#family).map(({ enterprise, data }) => {
        const all = new Writer().bytes(data);
        for (const option of this.space(vendorSpace(enterprise)).values()) if (option.always) this.#write(option, all);
        return { enterprise, data: all.take() };
      });
      this.#family.vendorOptions.type.encode(vendors, writer);
      return writer.take();
    }
    writer.bytes(entry.data);
    const carries = entry.definition?.encapsulates;
    // Options of a message that stand in others of them, as in an IA, never come from a configuration.
    if (carries === undefined || carries === this.#family.space) return writer.take();
    this.carried.add(carries);
    for (const option of this.space(carries).values()) this.#write(option, writer);
    // A container that contains nothing is no option at all.
    return writer.length === 0 ? undefined : writer.take();
  }

  #write({ code, data, never }: CompiledOption, writer: Writer): void {
    if (data !== undefined && !never) this.#family.writeSubOption({ code, data }, writer);
  }
}

/** Sub-options without a carrier in the list, and carriers without anything to carry. */
function findUnsent(entries: Entries, carried: ReadonlySet<string>, spaces: OptionSpaces): OptionFault[] {
  const warnings: OptionFault[] = [];
  for (const [space, members] of entries) {
    for (const { index, definition, data } of members.values()) {
      const carries = definition?.encapsulates;
      if (carries !== undefined && data?.length === 0 && !entries.has(carries)) {
        const message = `has neither data nor sub-options, so nothing is sent: add options of space "${carries}"`;
        warnings.push({ path: [index], message });
      }
    }
    if (space === spaces.family.space || carried.has(space) || enterpriseOf(space) !== undefined) continue;
    const carriers = spaces.carriersOf(space).map(({ code, name }) => `"${name}" (${code})`);
    const remedy =
      carriers.length === 0
        ? "no option encapsulates it: define one that does"
        : `an entry for ${carriers.join(" or ")}, which carries it, is missing in this list: add one`;
    for (const { index } of members.values()) {
      warnings.push({ path: [index], message: `space "${space}" is not sent: ${remedy}` });
    }
  }
  return warnings;
}
