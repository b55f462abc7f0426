/** Domain names as RFC 1035 writes them on the wire, and the option types made of them. */
import { DecodeError } from "../base/decode-error.ts";
import { keaField, type OptionType } from "./option-type.ts";
import type { Reader } from "./reader.ts";
import { escapeField, TextError, textBytes } from "./text-fields.ts";
import type { Writer } from "./writer.ts";

/** RFC 1035 §2.3.4. */
const MAX_LABEL = 63;
const MAX_NAME = 255;
/** No honest name has more pointers than a name can have labels; keeps the work for one option small. */
const MAX_HOPS = 127;

const SPACE = 0x20;
const DOT = 0x2e;
const BACKSLASH = 0x5c;
const DELETE = 0x7f;

/** RFC 1035 §5.1: bytes in a label that are no plain text are written `\DDD`, dots and backslashes with a backslash. */
function formatLabel(label: Uint8Array): string {
  let text = "";
  for (const byte of label) {
    if (byte === DOT || byte === BACKSLASH) text += `\\${String.fromCharCode(byte)}`;
    else if (byte > SPACE && byte < DELETE) text += String.fromCharCode(byte);
    else text += `\\${String(byte).padStart(3, "0")}`;
  }
  return text;
}

/** Labels as text that ends in a dot; none is the root, `.`. */
export function formatLabels(labels: readonly Uint8Array[]): string {
  return labels.length === 0 ? "." : labels.map((label) => `${formatLabel(label)}.`).join("");
}

/** What is wrong with labels as a name; `undefined` when nothing is. */
export function checkLabels(labels: readonly Uint8Array[]): string | undefined {
  const long = labels.find((label) => label.length > MAX_LABEL);
  if (long !== undefined) return `has a label of ${long.length} bytes: a label has at most ${MAX_LABEL}`;
  if (labels.some((label) => label.length === 0)) return "has an empty label";
  const length = labels.reduce((sum, label) => sum + label.length + 1, 1);
  return length > MAX_NAME ? `takes ${length} bytes: a name has at most ${MAX_NAME}` : undefined;
}

/**
 * Labels of `host.example.com`, with or without the last dot.
 * @throws {TextError} on an empty label, one above 63 bytes, a name above 255, or white space
 */
export function parseLabels(text: string): Uint8Array[] {
  if (text === ".") return [];
  const fail = (what: string): never => {
    throw new TextError(`"${text}" ${what}; expected a name such as host.example.com`);
  };
  const bytes = PLAIN.test(text) ? text.split(".").map((label) => ASCII.encode(label)) : parseEscaped(text, fail);
  // The dot at the end of a fully qualified name has the root behind it, not a label.
  if (bytes.length > 1 && bytes.at(-1)!.length === 0) bytes.pop();
  const fault = checkLabels(bytes);
  if (fault !== undefined) fail(fault);
  return bytes;
}

/** Printable ASCII without a backslash: almost every name, and there are many. */
const PLAIN = /^[!-[\]-~]*$/;
const ASCII = new TextEncoder();

function parseEscaped(text: string, fail: (what: string) => never): Uint8Array[] {
  const labels: number[][] = [[]];
  for (const [piece] of text.matchAll(/\\\d{3}|\\.|./gsu)) {
    if (piece === ".") labels.push([]);
    else if (piece === "\\") fail("ends in a backslash");
    else if (/^\s$/.test(piece)) fail("has white space");
    else if (piece.length === 4 && Number(piece.slice(1)) > 255) fail(`has ${piece}, which is no byte`);
    else if (piece.length === 4) labels.at(-1)!.push(Number(piece.slice(1)));
    else labels.at(-1)!.push(...textBytes(piece.replace(/^\\/, "")));
  }
  return labels.map((label) => Uint8Array.from(label));
}

/** Labels up to the root label, without compression. */
export function readLabels(reader: Reader): Uint8Array[] {
  const labels: Uint8Array[] = [];
  for (let total = 1; ; ) {
    const length = reader.u8("domain name");
    if (length === 0) return labels;
    if (length > MAX_LABEL) reader.fail("domain name", `label length ${length}, expected at most ${MAX_LABEL}`);
    total += length + 1;
    if (total > MAX_NAME) reader.fail("domain name", `is longer than ${MAX_NAME} bytes`);
    labels.push(reader.bytes(length, "domain name"));
  }
}

/** Labels and the root label. */
export function writeLabels(labels: readonly Uint8Array[], writer: Writer): void {
  for (const label of labels) writer.u8(label.length).bytes(label);
  writer.u8(0);
}

/**
 * Writes the name that `text` is at `at`, where there must be room for 255 bytes.
 * @returns where it ends
 * @throws {TextError} as `parseLabels` does
 */
export function putName(text: string, bytes: Uint8Array, at: number): number {
  return putPlainName(text, bytes, at) ?? putLabels(parseLabels(text), bytes, at);
}

/** Of printable ASCII without a backslash, which almost every name is; `undefined` for another, or one with a fault. */
function putPlainName(text: string, bytes: Uint8Array, at: number): number | undefined {
  if (text === "" || text.length > MAX_NAME - 2) return undefined;
  let lengthAt = at;
  let end = at + 1;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code !== DOT) {
      if (code <= SPACE || code >= DELETE || code === BACKSLASH) return undefined;
      bytes[end++] = code;
      continue;
    }
    const length = end - lengthAt - 1;
    if (length === 0 || length > MAX_LABEL) return undefined;
    bytes[lengthAt] = length;
    lengthAt = end++;
  }
  const length = end - lengthAt - 1;
  if (length > MAX_LABEL) return undefined;
  bytes[lengthAt] = length;
  if (length > 0) bytes[end++] = 0;
  return end;
}

function putLabels(labels: readonly Uint8Array[], bytes: Uint8Array, at: number): number {
  let end = at;
  for (const label of labels) {
    bytes[end] = label.length;
    bytes.set(label, end + 1);
    end += 1 + label.length;
  }
  bytes[end++] = 0;
  return end;
}

/** A name as text in RFC 1035 §5.1 form, ending in a dot. */
export const fqdn: OptionType<string> = {
  label: "fqdn",
  decode: (reader) => formatLabels(readLabels(reader)),
  encode: (value, writer) => writeLabels(parseLabels(value), writer),
  parse: (fields) => formatLabels(parseLabels(fields.next("a domain name"))),
  format: escapeField,
  kea: { field: (value) => `"${value}" (fqdn)` },
};

/**
 * RFC 3397 §2: names that may point back into the option; RFC 1035 §4.1.4. Sent without compression, which every
 * client understands. A pointer must lead to an earlier name, so that following it always ends.
 */
export const domainSearch: OptionType<readonly string[]> = {
  label: "fqdn[]",
  decode(reader) {
    const start = reader.offset;
    const bytes = reader.rest();
    if (bytes.length === 0) reader.fail("domain name", "is missing");
    const names: string[] = [];
    for (let at = 0; at < bytes.length; ) {
      const { labels, end } = readCompressed(bytes, at, start);
      names.push(formatLabels(labels));
      at = end;
    }
    return names;
  },
  encode(names, writer) {
    for (const name of names) fqdn.encode(name, writer);
  },
  parse(fields) {
    const names = [fqdn.parse(fields)];
    while (fields.remaining > 0) names.push(fqdn.parse(fields));
    return names;
  },
  format: (names) => names.map(escapeField).join(", "),
  kea: { field: (names) => names.map((name) => keaField(fqdn, name)).join(" ") },
};

/** The name that starts at `at`, and where what follows it starts. */
function readCompressed(bytes: Uint8Array, at: number, base: number): { labels: Uint8Array[]; end: number } {
  const labels: Uint8Array[] = [];
  let end: number | undefined;
  /** Where the stretch of labels being read starts: the next pointer must lead before it. */
  let stretch = at;
  let hops = 0;
  for (let total = 1; ; ) {
    const fail = (what: string): never => {
      throw new DecodeError("domain-search", base + at, what);
    };
    const length = bytes[at] ?? fail("ends inside a name");
    if (length === 0) return { labels, end: end ?? at + 1 };
    if (length >= 0xc0) {
      const target = ((length & 0x3f) << 8) | (bytes[at + 1] ?? fail("ends inside a pointer"));
      if (target >= stretch) fail(`pointer to ${target} does not lead back`);
      if (++hops > MAX_HOPS) fail(`name is made of more than ${MAX_HOPS} pointers`);
      end ??= at + 2;
      at = target;
      stretch = target;
      continue;
    }
    if (length > MAX_LABEL) fail(`label length ${length}, expected at most ${MAX_LABEL}`);
    total += length + 1;
    if (total > MAX_NAME) fail(`name is longer than ${MAX_NAME} bytes`);
    if (at + 1 + length > bytes.length) fail("ends inside a label");
    labels.push(bytes.subarray(at + 1, at + 1 + length));
    at += 1 + length;
  }
}
