/** One entry of `option-data`: which option it means, and the payload that its text or bytes make. */
import { DecodeError } from "../base/decode-error.ts";
import { BYTES_EXPECTED, empty, parseBytes } from "../wire/byte-types.ts";
import { TextError, TextFields } from "../wire/text-fields.ts";
import { Writer } from "../wire/writer.ts";
import { decodeOption, type OptionDefinition } from "./option.ts";
import { checkFamily, codesOf, spaceOf } from "./option-family.ts";
import { isOptionName, NAME_RULE, type OptionFault, type OptionSpaces } from "./option-spaces.ts";

/** Kea's `option-data` entry. */
export interface OptionDataEntry {
  readonly name?: string | undefined;
  readonly code?: number | undefined;
  readonly space?: string | undefined;
  readonly data?: string | undefined;
  readonly "csv-format"?: boolean | undefined;
  readonly "always-send"?: boolean | undefined;
  readonly "never-send"?: boolean | undefined;
  /** Only for clients of one of these classes; none is all. */
  readonly "client-classes"?: readonly string[] | undefined;
}

/** An entry by itself: its payload is known, sub-options are not added yet. */
export interface CompiledEntry {
  readonly index: number;
  readonly space: string;
  readonly code: number;
  readonly definition: OptionDefinition | undefined;
  /** `undefined`: nothing to send, but a value from a wider scope is hidden. */
  readonly data: Uint8Array | undefined;
  readonly always: boolean;
  readonly never: boolean;
  /** The classes that it is limited to; none is all. */
  readonly classes: readonly string[];
}

type IdentifiedOption = Pick<CompiledEntry, "space" | "code" | "definition">;

export type EntryVerdict =
  | { readonly entry: CompiledEntry; readonly warning: OptionFault | undefined }
  | { readonly fault: OptionFault };

/** Thrown inside this file only, so that each check is one line. */
class EntryError extends Error {
  readonly key: keyof OptionDataEntry | undefined;

  constructor(key: keyof OptionDataEntry | undefined, message: string) {
    super(message);
    this.key = key;
  }
}

export function compileEntry(given: OptionDataEntry, index: number, spaces: OptionSpaces): EntryVerdict {
  try {
    const which = identify(given, spaces);
    const { data, warning } = compilePayload(given, which.definition);
    const always = given["always-send"] === true;
    const never = given["never-send"] === true;
    return {
      entry: { ...which, index, data, always, never, classes: given["client-classes"] ?? [] },
      warning: warning === undefined ? undefined : { path: [index, "data"], message: warning },
    };
  } catch (error) {
    if (!(error instanceof EntryError)) throw error;
    return { fault: { path: error.key === undefined ? [index] : [index, error.key], message: error.message } };
  }
}

/** Which option an entry means; `undefined` where it means none. */
export function identifyOption(given: OptionDataEntry, spaces: OptionSpaces): IdentifiedOption | undefined {
  try {
    return identify(given, spaces);
  } catch (error) {
    if (!(error instanceof EntryError)) throw error;
    return undefined;
  }
}

/** Without a definition there is none but a code. */
function identify(given: OptionDataEntry, spaces: OptionSpaces): IdentifiedOption {
  const { family } = spaces;
  const { name, code } = given;
  const space = spaceOf(given.space, family);
  if (!isOptionName(space)) throw new EntryError("space", `"${space}" is no name for an option space: ${NAME_RULE}`);
  const foreign = checkFamily(space, family);
  if (foreign !== undefined) throw new EntryError("space", `${foreign}: expected "${family.space}"`);
  const named = name === undefined ? undefined : spaces.byName(space, name);
  if (code === undefined) {
    if (name === undefined) throw new EntryError(undefined, "the entry names no option: give its name or its code");
    if (named !== undefined) return { space, code: named.code, definition: named };
    throw new EntryError(
      "name",
      `space "${space}" has no option "${name}": check the spelling or add it to option-def`,
    );
  }
  const [first, last] = codesOf(space, family);
  if (!Number.isInteger(code) || code < first || code > last) {
    throw new EntryError("code", `code ${code} is out of range: expected ${first} to ${last}`);
  }
  const definition = spaces.byCode(space, code);
  if (definition === undefined) {
    if (given["csv-format"] === false) return { space, code, definition };
    const remedy = 'add it to option-def, or give its bytes with "csv-format": false';
    throw new EntryError("code", `space "${space}" has no option ${code}: ${remedy}`);
  }
  if (name === undefined || named === definition) return { space, code, definition };
  const conflict = `option ${code} of space "${space}" is "${definition.name}", not "${name}"`;
  throw new EntryError("name", `${conflict}: correct the name or the code`);
}

type Payload = { readonly data: Uint8Array | undefined; readonly warning?: string };

function compilePayload(given: OptionDataEntry, definition: OptionDefinition | undefined): Payload {
  const { data = "" } = given;
  if (data.trim() === "") return compileNothing(given, definition);
  if (definition !== undefined && given["csv-format"] !== false) return compileText(data, definition);
  const bytes = parseBytes(data);
  if (bytes === undefined) throw new EntryError("data", `"${data}" is not binary data: expected ${BYTES_EXPECTED}`);
  if (definition !== undefined) checkFit(bytes, definition);
  return { data: bytes };
}

function compileNothing(given: OptionDataEntry, definition: OptionDefinition | undefined): Payload {
  if (definition === undefined || definition.type === empty) return { data: new Uint8Array() };
  if (given["never-send"] === true) return { data: undefined };
  const { name, type } = definition;
  if (!type.label.endsWith("[]")) throw new EntryError("data", `option "${name}" needs data: expected ${type.label}`);
  // Kea sends them without a payload, which no client understands. Operators mean: not the value of the wider scope.
  return { data: undefined, warning: `option "${name}" has no data: it is not sent, and hides one of a wider scope` };
}

/** What an `empty` option is given as bytes is the operator's business. */
function checkFit(bytes: Uint8Array, definition: OptionDefinition): void {
  if (definition.type === empty) return;
  try {
    decodeOption(definition, bytes);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new EntryError("data", `the bytes are no ${definition.type.label}: ${error.message}`);
  }
}

function compileText(text: string, { name, type, encapsulates }: OptionDefinition): Payload {
  if (type === empty) {
    const remedy = encapsulates === undefined ? "drop the data" : `add options of space "${encapsulates}" instead`;
    throw new EntryError("data", `option "${name}" has no text: ${remedy}, or give bytes with "csv-format": false`);
  }
  const fields = new TextFields(text);
  const writer = new Writer();
  try {
    type.encode(type.parse(fields), writer);
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    throw new EntryError("data", `option "${name}" (${type.label}): ${error.message}`);
  }
  const data = writer.take();
  if (fields.remaining === 0) return { data };
  const unused = fields.next("");
  return {
    data,
    warning: `option "${name}" (${type.label}) ends before "${unused}": if the comma is part of the text, write \\\\,`,
  };
}
