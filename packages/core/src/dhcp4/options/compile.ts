/** From a configuration's `option-data` to the bytes that go out. */
import { Writer } from "../../wire/writer.ts";
import { type CompiledEntry, compileEntry, type OptionDataEntry } from "./compile-entry.ts";
import { dhcp4Options } from "./index.ts";
import { DHCP4_SPACE, decodeOption } from "./option.ts";
import type { OptionFault, OptionSpaces } from "./option-spaces.ts";
import { writeSubOption } from "./sub-options.ts";
import { enterpriseOf, type VendorData, vendorSpace, writeVendors } from "./vendor-options.ts";

/** An option as one list of `option-data` has it. */
export interface CompiledOption {
  readonly code: number;
  /**
   * The whole payload, sub-options included; above 255 bytes it is for the encoder to split. Empty only where the
   * operator's definition or bytes are. `undefined`: nothing to send, but a value from a wider scope is hidden.
   */
  readonly data: Uint8Array | undefined;
  readonly always: boolean;
  readonly never: boolean;
}

/** One list of `option-data`, ready to be sent. */
export interface OptionSet {
  /** Options of a message, by code, in code order. */
  readonly options: ReadonlyMap<number, CompiledOption>;
  /**
   * Sub-options of option 125 by enterprise number, then by code. `options` has 125 with those that are always sent;
   * the others are for clients that ask for them (DOCSIS).
   */
  readonly vendorOptions: ReadonlyMap<number, ReadonlyMap<number, CompiledOption>>;
}

export interface CompiledOptionData {
  readonly set: OptionSet;
  /** Entries that cannot be used; they are not in the set. */
  readonly faults: readonly OptionFault[];
  /** Entries that Kea takes, too, but that do not do what they seem to. */
  readonly warnings: readonly OptionFault[];
}

export const emptyOptionSet: OptionSet = { options: new Map(), vendorOptions: new Map() };

const VENDOR_CLASSES = dhcp4Options.vivcoSuboptions.code;
const VENDOR_OPTIONS = dhcp4Options.vivsoSuboptions.code;

/** The entries of one list by space, then by code. */
type Entries = ReadonlyMap<string, ReadonlyMap<number, CompiledEntry>>;

export function compileOptionData(list: readonly OptionDataEntry[], spaces: OptionSpaces): CompiledOptionData {
  const faults: OptionFault[] = [];
  const warnings: OptionFault[] = [];
  const entries = new Map<string, Map<number, CompiledEntry>>();
  for (const [index, given] of list.entries()) {
    const verdict = compileEntry(given, index, spaces);
    if ("fault" in verdict) faults.push(verdict.fault);
    else {
      if (verdict.warning !== undefined) warnings.push(verdict.warning);
      addEntry(verdict.entry, entries, warnings);
    }
  }
  const encoder = new Encoder(entries);
  const vendorOptions = new Map<number, ReadonlyMap<number, CompiledOption>>();
  for (const space of entries.keys()) {
    const enterprise = enterpriseOf(space);
    if (enterprise !== undefined) vendorOptions.set(enterprise, encoder.space(space));
  }
  const set = { options: encoder.space(DHCP4_SPACE), vendorOptions };
  warnings.push(...findUnsent(entries, encoder.carried, spaces));
  return { set, faults, warnings };
}

/** As in Kea the later of two entries counts; options 124 and 125 exist once a vendor, not once a message. */
function addEntry(
  entry: CompiledEntry,
  entries: Map<string, Map<number, CompiledEntry>>,
  warnings: OptionFault[],
): void {
  const space = entries.get(entry.space) ?? new Map<number, CompiledEntry>();
  entries.set(entry.space, space);
  const before = space.get(entry.code);
  const merged = before && mergeVendors(before, entry);
  space.set(entry.code, merged ?? entry);
  if (before !== undefined && merged === undefined) {
    const message = `replaces entry ${before.index}, which sets the same option: remove one of the two`;
    warnings.push({ path: [entry.index], message });
  }
}

/** Both entries as one option; `undefined` when they do not stand for different vendors. */
function mergeVendors(before: CompiledEntry, entry: CompiledEntry): CompiledEntry | undefined {
  if (entry.space !== DHCP4_SPACE || (entry.code !== VENDOR_CLASSES && entry.code !== VENDOR_OPTIONS)) return undefined;
  const vendors = [...vendorsOf(before), ...vendorsOf(entry)];
  if (new Set(vendors.map(({ enterprise }) => enterprise)).size < vendors.length) return undefined;
  const writer = new Writer();
  writeVendors(vendors, writer);
  return { ...entry, data: writer.take(), always: before.always || entry.always, never: before.never || entry.never };
}

function vendorsOf({ data }: CompiledEntry): readonly VendorData[] {
  return data === undefined ? [] : decodeOption(dhcp4Options.vivsoSuboptions, data);
}

/** Puts sub-options into the options that carry them, to any depth; circles are refused when options are defined. */
class Encoder {
  readonly #entries: Entries;
  /** Spaces whose sub-options have found their place. */
  readonly carried = new Set<string>();

  constructor(entries: Entries) {
    this.#entries = entries;
  }

  /** Options of a space in code order. */
  space(space: string): ReadonlyMap<number, CompiledOption> {
    const entries = [...(this.#entries.get(space)?.values() ?? [])].sort((a, b) => a.code - b.code);
    return new Map(
      entries.map((entry) => {
        const { code, always, never } = entry;
        return [code, { code, data: this.#payload(entry), always, never }];
      }),
    );
  }

  #payload(entry: CompiledEntry): Uint8Array | undefined {
    if (entry.data === undefined) return undefined;
    const writer = new Writer();
    if (entry.space === DHCP4_SPACE && entry.code === VENDOR_OPTIONS) {
      for (const { enterprise, data } of vendorsOf(entry)) {
        const options = [...this.space(vendorSpace(enterprise)).values()];
        const all = new Writer().bytes(data);
        for (const option of options) if (option.always) writeOption(option, all);
        writeVendors([{ enterprise, data: all.take() }], writer);
      }
      return writer.take();
    }
    writer.bytes(entry.data);
    const carries = entry.definition?.encapsulates;
    if (carries === undefined) return writer.take();
    this.carried.add(carries);
    for (const option of this.space(carries).values()) writeOption(option, writer);
    // A container that contains nothing is no option at all.
    return writer.length === 0 ? undefined : writer.take();
  }
}

function writeOption({ code, data, never }: CompiledOption, writer: Writer): void {
  if (data !== undefined && !never) writeSubOption({ code, data }, writer);
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
    if (space === DHCP4_SPACE || carried.has(space) || enterpriseOf(space) !== undefined) continue;
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
