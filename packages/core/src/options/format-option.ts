/** Options as text for people: log lines and explanations. */
import { DecodeError } from "../base/decode-error.ts";
import { formatHex } from "../base/hex.ts";
import { Reader } from "../wire/reader.ts";
import type { OptionDefinition } from "./option.ts";
import type { OptionSpaces } from "./option-spaces.ts";
import { type VendorData, vendorSpace } from "./vendor-space.ts";

/** Text stays on one line and within a reader's patience, whatever a client sends. */
const MAX_TEXT = 1024;
/** Options in options beyond this depth stay bytes: a client may nest them as deep as a packet is long. */
const MAX_DEPTH = 8;

/** `3 routers 192.0.2.1, 192.0.2.2`; what cannot be read as its type is shown as `0x…`. Never throws. */
export function formatOption(code: number, payload: Uint8Array, spaces: OptionSpaces): string {
  const text = printable(format(spaces.family.space, code, payload, spaces, MAX_DEPTH));
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}

/** Control characters of a client's text must not reach a terminal or start a new log line. @param text one character a byte */
export function printable(text: string): string {
  return readable(text).replaceAll(/\p{Cc}/gu, (c) => `\\x${formatHex(Uint8Array.of(c.charCodeAt(0)))}`);
}

/** Text with one character a byte as people read it: as UTF-8 where it is. */
function readable(text: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(text, "latin1"));
  } catch {
    return text;
  }
}

/** @param depth how many levels of options may still follow */
function format(space: string, code: number, payload: Uint8Array, spaces: OptionSpaces, depth: number): string {
  const definition = depth === 0 ? undefined : spaces.byCode(space, code);
  if (definition === undefined) return `${code} 0x${formatHex(payload, "")}`;
  try {
    return [code, definition.name, formatPayload(definition, payload, spaces, depth)]
      .filter((part) => part !== "")
      .join(" ");
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return `${code} ${definition.name} 0x${formatHex(payload, "")} (malformed)`;
  }
}

function formatPayload(definition: OptionDefinition, payload: Uint8Array, spaces: OptionSpaces, depth: number): string {
  const { code, space, type, encapsulates } = definition;
  const { family } = spaces;
  const reader = new Reader(payload);
  const value = type.decode(reader);
  const rest = reader.rest();
  if (code === family.vendorOptions.code && space === family.space) {
    return (value as readonly VendorData[])
      .map(({ enterprise, data }) => `${enterprise} ${formatSubOptions(vendorSpace(enterprise), data, spaces, depth)}`)
      .join(" ");
  }
  const text = type.format(value);
  if (rest.length === 0) return text;
  if (encapsulates === undefined) throw new DecodeError(definition.name, reader.offset, "bytes are left over");
  return `${text === "" ? "" : `${text} `}${formatSubOptions(encapsulates, rest, spaces, depth)}`;
}

function formatSubOptions(space: string, payload: Uint8Array, spaces: OptionSpaces, depth: number): string {
  const texts = spaces.family
    .decodeSubOptions(payload, space)
    .map(({ code, data }) => format(space, code, data, spaces, depth - 1));
  return `{${texts.join("; ")}}`;
}
