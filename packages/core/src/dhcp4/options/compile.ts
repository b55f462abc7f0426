/** From a configuration's `option-data` to the bytes that go out. */
import { DecodeError } from "../../base/decode-error.ts";
import { BYTES_EXPECTED, empty, parseBytes } from "../../wire/byte-types.ts";
import { TextError, TextFields } from "../../wire/text-fields.ts";
import { Writer } from "../../wire/writer.ts";
import { dhcp4Options } from "./index.ts";
import { DHCP4_SPACE, decodeOption, type OptionDefinition } from "./option.ts";
import { isOptionName, type OptionFault, type OptionSpaces } from "./option-spaces.ts";
import { writeSubOption } from "./sub-options.ts";
import { enterpriseOf, type VendorData, vendorSpace, writeVendors } from "./vendor-options.ts";

/** Kea's `option-data` entry. */
export interface OptionDataEntry {
  readonly name?: string | undefined;
  readonly code?: number | undefined;
  readonly space?: string | undefined;
  readonly data?: string | undefined;
  readonly "csv-format"?: boolean | undefined;
  readonly "always-send"?: boolean | undefined;
  readonly "never-send"?: boolean | undefined;
}

/** An option as one list of `option-data` has it. */
export interface CompiledOption {
  readonly code: number;
  /**
   * The whole payload, sub-options included; above 255 bytes it is for the encoder to split. Empty only for an option
   * that has no payload by its definition. `undefined`: nothing to send, but a value from a wider scope is hidden.
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
   * the others are for clients that ask for them (DOCSIS) or that name the enterprise.
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

const VENDOR_CLASSES = dhcp4Options.vivcoSuboptions.code;
const VENDOR_OPTIONS = dhcp4Options.vivsoSuboptions.code;

export const emptyOptionSet: OptionSet = { options: new Map(), vendorOptions: new Map() };

/** An entry whose own payload is known, before sub-options are added. */
interface Item extends CompiledOption {
  readonly index: number;
  readonly space: string;
  readonly definition: OptionDefinition | undefined;
}

/** By space, then by code. */
type Items = ReadonlyMap<string, ReadonlyMap<number, Item>>;

type Verdict = { readonly item: Item; readonly warning?: OptionFault } | { readonly fault: OptionFault };

export function compileOptionData(entries: readonly OptionDataEntry[], spaces: OptionSpaces): CompiledOptionData {
  const faults: OptionFault[] = [];
  const warnings: OptionFault[] = [];
  const items = new Map<string, Map<number, Item>>();
  for (const [index, entry] of entries.entries()) {
    const verdict = compileEntry(entry, index, spaces);
    if ("fault" in verdict) {
      faults.push(verdict.fault);
      continue;
    }
    const { item, warning } = verdict;
    if (warning !== undefined) warnings.push(warning);
    const space = items.get(item.space) ?? new Map<number, Item>();
    items.set(item.space, space);
    const before = space.get(item.code);
    if (before === undefined) space.set(item.code, item);
    else {
      const merged = isMultiVendor(item) ? mergeVendors(before, item) : undefined;
      space.set(item.code, merged ?? item);
      if (merged === undefined) {
        warnings.push({
          path: [index],
          message: `replaces entry ${before.index}, which sets the same option: remove one`,
        });
      }
    }
  }
  const carried = new Set<string>();
  const options = compileSpace(items, DHCP4_SPACE, carried);
  const vendorOptions = new Map<number, ReadonlyMap<number, CompiledOption>>();
  for (const space of items.keys()) {
    const enterprise = enterpriseOf(space);
    if (enterprise !== undefined) vendorOptions.set(enterprise, compileSpace(items, space, carried));
  }
  for (const [space, members] of items) {
    if (space === DHCP4_SPACE || carried.has(space) || enterpriseOf(space) !== undefined) continue;
    const carriers = spaces.carriersOf(space).map(({ code, name, space }) => `${space}.${name} (${code})`);
    const remedy =
      carriers.length === 0
        ? `no option carries space "${space}": define one that encapsulates it`
        : `space "${space}" is carried by ${carriers.join(" or ")}, which is not in this list: add an entry for it`;
    for (const item of members.values()) warnings.push({ path: [item.index], message: `is not sent: ${remedy}` });
  }
  for (const { index, definition, data } of items.get(DHCP4_SPACE)?.values() ?? []) {
    if (definition?.encapsulates !== undefined && data?.length === 0 && !carried.has(definition.encapsulates)) {
      const message = `has neither data nor sub-options, so nothing is sent: add options of space "${definition.encapsulates}"`;
      warnings.push({ path: [index], message });
    }
  }
  return { set: { options, vendorOptions }, faults, warnings };
}

function compileEntry(entry: OptionDataEntry, index: number, spaces: OptionSpaces): Verdict {
  const fail = (key: keyof OptionDataEntry | undefined, message: string): Verdict => ({
    fault: { path: key === undefined ? [index] : [index, key], message },
  });
  const { name, code, space = DHCP4_SPACE, data = "" } = entry;
  if (!isOptionName(space))
    return fail("space", `"${space}" is no option space name: use letters, digits, "-" and "_"`);
  if (space === "dhcp6") return fail("space", 'space "dhcp6" belongs to the DHCPv6 server: expected "dhcp4"');
  if (code !== undefined) {
    const [first, last] = space === DHCP4_SPACE ? [1, 254] : [0, 255];
    if (!Number.isInteger(code) || code < first || code > last) {
      return fail("code", `code ${code} is out of range: expected ${first} to ${last}`);
    }
  }
  if (name === undefined && code === undefined) return fail(undefined, "names no option: give its name or its code");

  const named = name === undefined ? undefined : spaces.byName(space, name);
  const definition = code === undefined ? named : spaces.byCode(space, code);
  const raw = entry["csv-format"] === false;
  if (definition === undefined && (code === undefined || !raw)) {
    return code === undefined
      ? fail("name", `no option of space "${space}" is called "${name}": check the spelling or add it to option-def`)
      : fail(
          "code",
          `option ${code} of space "${space}" is not defined: add it to option-def, or give its bytes with "csv-format": false`,
        );
  }
  if (definition !== undefined && name !== undefined && named !== definition) {
    return fail(
      "name",
      `option ${definition.code} of space "${space}" is called "${definition.name}", not "${name}": correct one of the two`,
    );
  }

  const item = {
    index,
    space,
    code: definition?.code ?? code!,
    definition,
    always: entry["always-send"] === true,
    never: entry["never-send"] === true,
  };
  if (data.trim() === "") return compileNoData(item, fail);
  if (raw) {
    const bytes = parseBytes(data);
    if (bytes === undefined) return fail("data", `"${data}" is not binary data: expected ${BYTES_EXPECTED}`);
    const misfit = definition && findMisfit(definition, bytes);
    return misfit === undefined ? { item: { ...item, data: bytes } } : fail("data", misfit);
  }
  return compileText(item, definition!, data, fail);
}

type Fail = (key: keyof OptionDataEntry, message: string) => Verdict;

function compileNoData(item: Omit<Item, "data">, fail: Fail): Verdict {
  const { definition } = item;
  if (definition === undefined || definition.type === empty) return { item: { ...item, data: new Uint8Array() } };
  if (item.never) return { item: { ...item, data: undefined } };
  if (!definition.type.label.endsWith("[]")) {
    return fail("data", `option "${definition.name}" needs data: expected ${definition.type.label}`);
  }
  // Kea sends these without a payload, which no client understands; operators write them to blank a wider scope's value.
  const message = `option "${definition.name}" has no data: it is not sent, and hides one from a wider scope`;
  return { item: { ...item, data: undefined }, warning: { path: [item.index, "data"], message } };
}

/** Why bytes are no payload of an option. What an `empty` one carries is the operator's business. */
function findMisfit(definition: OptionDefinition, bytes: Uint8Array): string | undefined {
  if (definition.type === empty) return undefined;
  try {
    decodeOption(definition, bytes);
    return undefined;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return `the bytes are no ${definition.type.label}: ${error.message}`;
  }
}

function compileText(item: Omit<Item, "data">, definition: OptionDefinition, text: string, fail: Fail): Verdict {
  const { name, type, encapsulates } = definition;
  if (type === empty) {
    const other = encapsulates === undefined ? "drop the data" : `give sub-options in space "${encapsulates}"`;
    return fail("data", `option "${name}" has no text form: ${other}, or give its bytes with "csv-format": false`);
  }
  const fields = new TextFields(text);
  const writer = new Writer();
  try {
    type.encode(type.parse(fields), writer);
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    return fail("data", `option "${name}" (${type.label}): ${error.message}`);
  }
  const data = writer.take();
  if (fields.remaining === 0) return { item: { ...item, data } };
  const message =
    `option "${name}" (${type.label}) uses only what stands before "${fields.next("")}": ` +
    'write a comma that belongs to the text as "\\\\,"';
  return { item: { ...item, data }, warning: { path: [item.index, "data"], message } };
}

/** Options 124 and 125 exist once a vendor, not once a message. */
function isMultiVendor(item: Item): boolean {
  return item.space === DHCP4_SPACE && (item.code === VENDOR_CLASSES || item.code === VENDOR_OPTIONS);
}

function vendorsOf(item: Item): readonly VendorData[] {
  return item.data === undefined ? [] : decodeOption(dhcp4Options.vivsoSuboptions, item.data);
}

/** Both entries as one option; `undefined` when they speak of the same vendor. */
function mergeVendors(before: Item, item: Item): Item | undefined {
  const vendors = [...vendorsOf(before), ...vendorsOf(item)];
  if (new Set(vendors.map(({ enterprise }) => enterprise)).size < vendors.length) return undefined;
  const writer = new Writer();
  writeVendors(vendors, writer);
  return { ...item, data: writer.take(), always: before.always || item.always, never: before.never || item.never };
}

/** Options of a space in code order, with their sub-options; `carried` collects the spaces that were put in. */
function compileSpace(items: Items, space: string, carried: Set<string>): ReadonlyMap<number, CompiledOption> {
  const members = [...(items.get(space)?.values() ?? [])].sort((a, b) => a.code - b.code);
  return new Map(
    members.map((item) => {
      const { code, always, never } = item;
      return [code, { code, data: payload(item, items, carried), always, never }];
    }),
  );
}

function payload(item: Item, items: Items, carried: Set<string>): Uint8Array | undefined {
  const encapsulates = item.definition?.encapsulates;
  if (item.data === undefined) return undefined;
  const writer = new Writer();
  if (item.space === DHCP4_SPACE && item.code === VENDOR_OPTIONS) {
    for (const { enterprise, data } of vendorsOf(item)) {
      const always = compileSpace(items, vendorSpace(enterprise), carried);
      const subOptions = new Writer().bytes(data);
      for (const option of always.values()) if (option.always) writeCompiled(option, subOptions);
      writeVendors([{ enterprise, data: subOptions.take() }], writer);
    }
    return writer.take();
  }
  writer.bytes(item.data);
  if (encapsulates !== undefined) {
    const subOptions = compileSpace(items, encapsulates, carried);
    if (subOptions.size > 0) carried.add(encapsulates);
    for (const option of subOptions.values()) writeCompiled(option, writer);
    // A container that contains nothing is no option at all.
    if (writer.length === 0) return undefined;
  }
  return writer.take();
}

function writeCompiled({ code, data, never }: CompiledOption, writer: Writer): void {
  if (data !== undefined && !never) writeSubOption({ code, data }, writer);
}
