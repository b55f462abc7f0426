/** `option[…].text`: the line that Kea 2.6 writes about an option into its log. Of an option of text it is that text. */
import { DecodeError } from "../base/decode-error.ts";
import type { OptionDefinition } from "../options/option.ts";
import type { SubOption } from "../options/option-family.ts";
import type { OptionSpaces } from "../options/option-spaces.ts";
import { type VendorData, vendorSpace } from "../options/vendor-space.ts";
import { binary, empty, string } from "../wire/byte-types.ts";
import { keaField, usualHead } from "../wire/option-type.ts";
import { Reader } from "../wire/reader.ts";
import { Writer } from "../wire/writer.ts";
import { NO_BYTES } from "./expression.ts";
import { bytesOf, type OptionRead } from "./options-read.ts";

/** A client may nest options as deep as a packet is long: what is deeper is left out. */
const MAX_DEPTH = 8;

/** What cannot be read as its type counts as absent. */
export function textOf<S>({ read, code, definition }: OptionRead<S>, spaces: OptionSpaces): (subject: S) => Uint8Array {
  if (definition?.type === string) return bytesOf({ read });
  return (subject) => {
    const payload = read(subject);
    if (payload === undefined) return NO_BYTES;
    try {
      return Buffer.from(keaText(code, definition, payload, spaces, 0), "latin1");
    } catch (error) {
      if (error instanceof DecodeError) return NO_BYTES;
      throw error;
    }
  };
}

/**
 * One character a byte; a line for each option inside.
 * @param definition of none: bytes
 * @param depth how many options it is inside of
 * @throws {DecodeError} when a payload cannot be read as its type
 */
function keaText(
  code: number,
  definition: OptionDefinition | undefined,
  payload: Uint8Array,
  spaces: OptionSpaces,
  depth: number,
): string {
  const { family } = spaces;
  const { size, vendorOptions, vendorClasses } = family;
  const isOfVendors = definition === vendorOptions || definition === vendorClasses;
  const isPlain = definition === undefined || (definition.type === empty && definition.encapsulates === undefined);
  const type = isPlain ? binary : definition.type;
  const reader = new Reader(payload);
  const decoded = type.decode(reader);
  const value = isOfVendors ? [lowest(decoded as readonly VendorData[])] : decoded;
  const writer = new Writer();
  type.encode(value, writer);
  let length = writer.length;
  let space = definition?.encapsulates;
  let inside: readonly SubOption[] = [];
  if (definition === vendorOptions) {
    const [{ enterprise, data }] = value as [VendorData];
    space = vendorSpace(enterprise);
    inside = family.decodeSubOptions(data, space);
  } else if (space !== undefined) {
    inside = family.decodeSubOptions(reader.rest(), space);
    for (const { data } of inside) length += 2 * size + data.length;
  }
  const head = { code, length, usual: usualHead(code, length, size === 1 ? 3 : 5) };
  const line = type.kea?.line?.(value, head) ?? `${head.usual} ${keaField(type, value)}`;
  const lines =
    depth === MAX_DEPTH || space === undefined
      ? []
      : inside
          .toSorted((a, b) => a.code - b.code)
          .map(({ code, data }) => `\n${keaText(code, spaces.byCode(space, code), data, spaces, depth + 1)}`);
  return `${"  ".repeat(depth)}${line}${lines.length === 0 ? "" : `,\noptions:${lines.join("")}`}`;
}

/** Kea makes an option of what each vendor says, and shows that of the lowest number. */
function lowest(vendors: readonly VendorData[]): VendorData {
  return vendors.reduce((low, vendor) => (vendor.enterprise < low.enterprise ? vendor : low));
}
