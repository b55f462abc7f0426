/** Option types that are bytes: opaque, text, with a length in front, or none at all. */
import { latin1 } from "../base/bytes.ts";
import { formatHex, parseHex } from "../base/hex.ts";
import type { OptionType } from "./option-type.ts";
import { escapeField, TextError, textBytes } from "./text-fields.ts";

/** Bytes of hexadecimal text with any of Kea's separators, or of text in single quotes; `undefined` when it is neither. */
export function parseBytes(text: string): Uint8Array | undefined {
  const trimmed = text.trim();
  const quoted = /^'(.+)'$/s.exec(trimmed);
  return quoted === null ? parseHex(trimmed) : textBytes(quoted[1]!);
}

/** What `parseBytes` accepts, for messages. */
export const BYTES_EXPECTED = "hexadecimal digits (0a0b, 0x0a0b, 0a:0b or 0a 0b) or 'text in single quotes'";

export const binary: OptionType<Uint8Array> = {
  label: "binary",
  decode: (reader) => reader.rest(),
  encode: (value, writer) => void writer.bytes(value),
  parse(fields) {
    const field = fields.next("hexadecimal digits");
    const bytes = parseBytes(field);
    if (bytes === undefined) throw new TextError(`"${field}" is not binary data: expected ${BYTES_EXPECTED}`);
    return bytes;
  },
  format: (value) => formatHex(value, ""),
  kea: {
    field: (value) => `${formatHex(value, "").toUpperCase()} (binary)`,
    line: (value, { usual }) => `${usual} ${formatHex(value)}`,
  },
};

/** Text up to the end of the payload, one character a byte; trailing NULs are no part of it (RFC 2132 §2). */
export const string: OptionType<string> = {
  label: "string",
  decode(reader) {
    const value = latin1(reader.rest()).replace(/\0+$/, "");
    if (value === "") reader.fail("string", "is empty or has only NULs");
    return value;
  },
  encode: (value, writer) => void writer.bytes(textBytes(value)),
  parse: (fields) => latin1(textBytes(fields.next("text"))),
  format: escapeField,
  kea: { field: (value) => `"${value}" (string)` },
};

/** Bytes behind their length, which takes one byte in DHCPv4 and two in DHCPv6; the text is text, one character a byte. */
export function tuple(lengthSize: 1 | 2): OptionType<string> {
  const max = 2 ** (8 * lengthSize) - 1;
  return {
    label: "tuple",
    decode(reader) {
      const length = lengthSize === 1 ? reader.u8("tuple length") : reader.u16("tuple length");
      return latin1(reader.bytes(length, "tuple"));
    },
    encode(value, writer) {
      if (lengthSize === 1) writer.u8(value.length);
      else writer.u16(value.length);
      writer.bytes(textBytes(value));
    },
    parse(fields) {
      const value = latin1(textBytes(fields.next("text")));
      if (value.length > max) throw new TextError(`the text has ${value.length} bytes: a tuple holds at most ${max}`);
      return value;
    },
    format: escapeField,
    kea: {
      field: (value) => `"${value}" (tuple)`,
      listLine: (values, { code, length }) => `type=${code}, len=${length}${keaTuples(values, "data")}`,
    },
  };
}

/** Tuples in a line of Kea's log, behind its head. */
export function keaTuples(values: readonly string[], name: string): string {
  return values.map((value, i) => `, data-len${i}=${value.length}, ${name}${i}='${value}'`).join("");
}

/** No payload of its own: the option says all by being there, or carries sub-options. */
export const empty: OptionType<undefined> = {
  label: "empty",
  decode: () => undefined,
  encode: () => undefined,
  parse: () => undefined,
  format: () => "",
  kea: { line: (_, { usual }) => usual },
};
