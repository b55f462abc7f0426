/**
 * Kea's dialect of JSON to plain JavaScript values: comments (`#`, `//`, block), extra commas, `<?include "file"?>`. It
 * keeps no positions, since a configuration of 100,000 reservations must scan in a fraction of a second; when there are
 * faults, `locateFaults` scans once more and looks up their positions.
 */

import type { ConfigFault, Position, Severity } from "../fault.ts";
import { countLines, type Input, openInput } from "./config-input.ts";

/** Deeper nesting than any real configuration has, and far from the end of the stack. */
export const MAX_DEPTH = 100;
/** As Kea. */
export const MAX_INCLUDES = 10;

/** A text with one character a byte (Latin-1): what Kea sees, and what `readFileSync(path, "latin1")` gives. */
export interface ConfigText {
  /** The name to print in faults. */
  readonly file: string;
  readonly text: string;
}

export interface ConfigReader {
  /** Reads an included file as Latin-1. Throws when it cannot; the message goes into the fault. */
  read(path: string): string;
}

export interface ScanResult {
  /** `undefined` when the text is not a document at all. */
  readonly value: unknown;
  readonly faults: readonly ConfigFault[];
}

/** Never throws: what is wrong with the text is in `faults`, each with its position. */
export function scanConfig(source: ConfigText, reader: ConfigReader): ScanResult {
  const scanner = new Scanner(source, reader);
  return { value: scanner.document(undefined), faults: scanner.faults };
}

/** Whose positions a scan keeps: a tree of keys and indexes, in which it notes what it passes. */
export interface Wanted {
  readonly children: ReadonlyMap<string | number, Wanted>;
  key: Position | undefined;
  value: Position | undefined;
}

/** The text cannot be understood from here on. Caught in `document`. */
class SyntaxEnd extends Error {}

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_MAP = 0x7b;
const CLOSE_MAP = 0x7d;
const END = -1;

const LITERALS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["true", true],
  ["false", false],
  ["null", null],
]);
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};
const NUMBER = /-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const WORD = /[^\s,:[\]{}"#/]+/y;
/** A character of several bytes in UTF-8, or of one. */
const CHARACTER = /[\xc2-\xf4][\x80-\xbf]+|./sy;
const INCLUDE = /<\?include\s+"([^"\n]*)"\s*\?>/y;

export class Scanner {
  readonly faults: ConfigFault[] = [];
  readonly #reader: ConfigReader;
  readonly #waiting: Input[] = [];
  #input: Input;
  #text: string;
  #hasIncludes = false;
  /** Read position in `#text`; `#input.position` is brought up to date only when an include begins. */
  #at: number;

  constructor(source: ConfigText, reader: ConfigReader) {
    this.#reader = reader;
    this.#input = openInput(source.file, source.text);
    this.#text = source.text;
    this.#at = this.#input.position;
  }

  /** The one value of the text; `undefined` after a fault of syntax. */
  document(wanted: Wanted | undefined): unknown {
    try {
      const first = this.#skip();
      if (first === END) this.#end(this.#at, "the file is empty", "is this the right file?");
      if (wanted !== undefined) wanted.value = this.#position(this.#at);
      const value = this.#value(first, 0, wanted);
      if (this.#skip() !== END) this.#end(this.#at, "there is text after the end of the configuration", "remove it");
      return value;
    } catch (error) {
      if (error instanceof SyntaxEnd) return undefined;
      throw error;
    }
  }

  /** Moves to the next token and returns its first character; `END` at the end of the outermost file. */
  #skip(): number {
    for (;;) {
      const c = this.#text.charCodeAt(this.#at);
      if (c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09) this.#at++;
      else if (c === 0x23) this.#skipLine();
      else if (c === 0x2f) this.#skipComment();
      else if (c === 0x3c) this.#include();
      else if (this.#at < this.#text.length) return c;
      else if (!this.#leave()) return END;
    }
  }

  #skipLine(): void {
    const end = this.#text.indexOf("\n", this.#at);
    this.#at = end < 0 ? this.#text.length : end + 1;
  }

  #skipComment(): void {
    const next = this.#text.charCodeAt(this.#at + 1);
    if (next === 0x2f) this.#skipLine();
    else if (next === 0x2a) {
      const end = this.#text.indexOf("*/", this.#at + 2);
      if (end < 0) this.#end(this.#at, "this comment is never closed", "write */ at its end");
      this.#at = end + 2;
    } else this.#end(this.#at, '"/" does not begin a comment', "write // or /* */");
  }

  #include(): void {
    const start = this.#at;
    INCLUDE.lastIndex = start;
    const match = INCLUDE.exec(this.#text);
    const file = match?.[1];
    if (file === undefined) this.#end(start, "this is not an include directive", 'write <?include "file"?>');
    if (this.#waiting.length === MAX_INCLUDES) {
      this.#end(start, `includes are nested more than ${MAX_INCLUDES} deep`, `does "${file}" include itself?`);
    }
    let text = "";
    try {
      text = this.#reader.read(file);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#end(start, `"${file}" cannot be included: ${reason}`, "paths count from where the daemon was started");
    }
    this.#hasIncludes = true;
    this.#input.position = INCLUDE.lastIndex;
    this.#waiting.push(this.#input);
    this.#resume(openInput(file, text));
  }

  /** Goes back to the file that included this one. */
  #leave(): boolean {
    const outer = this.#waiting.pop();
    if (outer === undefined) return false;
    this.#resume(outer);
    return true;
  }

  #resume(input: Input): void {
    this.#input = input;
    this.#text = input.text;
    this.#at = input.position;
  }

  #value(first: number, depth: number, wanted: Wanted | undefined): unknown {
    if (first === QUOTE) return this.#string();
    if (first === OPEN_MAP) return this.#map(depth + 1, wanted);
    if (first === OPEN_LIST) return this.#list(depth + 1, wanted);
    if ((first >= 0x30 && first <= 0x39) || first === MINUS || first === DOT) return this.#number();
    return this.#literal(first);
  }

  #map(depth: number, wanted: Wanted | undefined): Record<string, unknown> {
    const opening = this.#open(depth);
    const map: Record<string, unknown> = {};
    let c = this.#skip();
    while (c !== CLOSE_MAP) {
      if (c !== QUOTE) this.#unexpected(c, opening, 'a key in double quotes or "}"');
      const keyAt = this.#at;
      const key = this.#string();
      const child = wanted?.children.get(key);
      const isDuplicate = Object.hasOwn(map, key);
      if (isDuplicate) this.#report(keyAt, "error", `"${key}" was already given in this map`, "remove one of the two");
      else if (child !== undefined) child.key = this.#position(keyAt);
      if (this.#skip() !== COLON) this.#unexpected(this.#skip(), opening, `":" after "${key}"`);
      this.#at++;
      c = this.#skip();
      if (child !== undefined && !isDuplicate) child.value = this.#position(this.#at);
      const value = this.#value(c, depth, isDuplicate ? undefined : child);
      if (!isDuplicate) setOwn(map, key, value);
      c = this.#afterEntry(opening, '"," or "}"', CLOSE_MAP);
    }
    this.#at++;
    return map;
  }

  #list(depth: number, wanted: Wanted | undefined): unknown[] {
    const opening = this.#open(depth);
    const list: unknown[] = [];
    let c = this.#skip();
    while (c !== CLOSE_LIST) {
      const child = wanted?.children.get(list.length);
      if (child !== undefined) child.value = this.#position(this.#at);
      if (c === END || c === COMMA) this.#unexpected(c, opening, 'a value or "]"');
      list.push(this.#value(c, depth, child));
      c = this.#afterEntry(opening, '"," or "]"', CLOSE_LIST);
    }
    this.#at++;
    return list;
  }

  /** Steps over the bracket and returns where it stands. */
  #open(depth: number): number {
    if (depth > MAX_DEPTH) {
      this.#end(this.#at, `maps and lists are nested more than ${MAX_DEPTH} deep`, "is a closing bracket missing?");
    }
    return this.#at++;
  }

  /** Steps over the comma, and over extra ones as Kea does; returns the first character of what follows. */
  #afterEntry(opening: number, expected: string, closing: number): number {
    let c = this.#skip();
    if (c === closing) return c;
    if (c !== COMMA) this.#noComma(c, opening, expected);
    let comma = this.#at++;
    c = this.#skip();
    while (c === COMMA || c === closing) {
      this.#report(comma, "warning", "this comma is not needed", "remove it");
      if (c === closing) return c;
      comma = this.#at++;
      c = this.#skip();
    }
    return c;
  }

  #string(): string {
    const text = this.#text;
    const start = ++this.#at;
    let i = start;
    let c = text.charCodeAt(i);
    while (c >= 0x20 && c !== QUOTE && c !== BACKSLASH && c <= 0xff) c = text.charCodeAt(++i);
    if (c === QUOTE) {
      this.#at = i + 1;
      return text.slice(start, i);
    }
    return this.#stringWithEscapes(start);
  }

  #stringWithEscapes(start: number): string {
    const text = this.#text;
    let value = "";
    for (let i = start; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (c === QUOTE) {
        this.#at = i + 1;
        return value;
      }
      if (c === 0x0a || c === 0x0d) break;
      if (c < 0x20) this.#report(i, "error", "a control character stands in this string", escapeAdvice(c));
      else if (c > 0xff) this.#report(i, "error", `"${text[i]}" cannot be held in one byte`, "use Latin-1 characters");
      if (c !== BACKSLASH) value += text[i];
      else {
        const letter = text[++i] ?? "";
        const plain = ESCAPES[letter];
        const hex = /^u([0-9a-fA-F]{4})$/.exec(text.slice(i, i + 5))?.[1];
        if (plain !== undefined) value += plain;
        else if (hex === undefined) {
          this.#report(i - 1, "error", `"\\${letter}" is not an escape sequence`, "write \\\\ for a backslash");
        } else {
          const code = Number.parseInt(hex, 16);
          if (code > 0xff)
            this.#report(i - 1, "error", `"\\u${hex}" cannot be held in one byte`, "use at most \\u00ff");
          value += String.fromCharCode(code & 0xff);
          i += 4;
        }
      }
    }
    const [line = ""] = text.slice(start).split("\n", 1);
    return this.#end(start - 1, "this string is not closed on its line", quoteAdvice(line) ?? 'write " at its end');
  }

  #number(): number {
    const start = this.#at;
    NUMBER.lastIndex = start;
    const match = NUMBER.exec(this.#text);
    if (match === null) return this.#end(start, "this is not a number", undefined);
    const digits = match[0];
    this.#at = NUMBER.lastIndex;
    WORD.lastIndex = this.#at;
    const rest = WORD.exec(this.#text);
    if (rest !== null) {
      return this.#end(start, `"${digits}${rest[0]}" is not a number`, "put text in double quotes");
    }
    if (/^-?0\d/.test(digits)) this.#report(start, "warning", `${digits} begins with a zero`, "remove it");
    const value = Number(digits);
    const isWhole = /^-?\d+$/.test(digits);
    if (!Number.isFinite(value) || (isWhole && !Number.isSafeInteger(value))) {
      this.#report(start, "error", `${digits} is too large`, `the limit is ${Number.MAX_SAFE_INTEGER}`);
    }
    return value;
  }

  #literal(first: number): unknown {
    WORD.lastIndex = this.#at;
    const word = WORD.exec(this.#text)?.[0];
    if (word === undefined) return this.#unexpected(first, undefined, "a value");
    if (!LITERALS.has(word)) {
      const lower = word.toLowerCase();
      const fix = quoteAdvice(word) ?? (LITERALS.has(lower) ? `write ${lower}` : "put text in double quotes");
      this.#end(this.#at, `"${word.slice(0, 40)}" is not a value`, fix);
    }
    this.#at += word.length;
    return LITERALS.get(word);
  }

  /** Where the next entry begins at once, what is missing can be named. */
  #noComma(found: number, opening: number, expected: string): never {
    if (found !== QUOTE) this.#unexpected(found, opening, expected);
    return this.#end(this.#at, `"," is missing before ${this.#shown()}`, undefined);
  }

  /** The character that is next; where it begins a text, all of that. */
  #shown(): string {
    const at = this.#at;
    const text = /"[^"\n]{0,40}"/y;
    text.lastIndex = at;
    CHARACTER.lastIndex = at;
    return text.exec(this.#text)?.[0] ?? `"${CHARACTER.exec(this.#text)?.[0] ?? ""}"`;
  }

  #unexpected(found: number, opening: number | undefined, expected: string): never {
    const what = found === END ? "the text ends" : `${this.#shown()} stands`;
    const inside = opening === undefined || this.#hasIncludes ? "" : this.#openedAt(opening);
    return this.#end(this.#at, `${what} where ${expected} is expected${inside}`, quoteAdvice(this.#shown()));
  }

  /** Which bracket is open: helps most when its partner is missing at the end of the text. */
  #openedAt(opening: number): string {
    const { line, column } = countLines(openInput(this.#input.file, this.#text), opening);
    return ` (the bracket at ${line}:${column} is open)`;
  }

  #report(at: number, severity: Severity, message: string, fix: string | undefined): void {
    this.faults.push({ pointer: [], message, fix, severity, position: this.#position(at) });
  }

  #end(at: number, message: string, fix: string | undefined): never {
    this.#report(at, "error", message, fix);
    throw new SyntaxEnd();
  }

  #position(at: number): Position {
    if (at < this.#input.counted) Object.assign(this.#input, { counted: 0, line: 1, lineStart: 0 });
    return countLines(this.#input, at);
  }
}

/** Plain assignment, save for the one key that would set the prototype. */
function setOwn(map: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__")
    Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
  else map[key] = value;
}

/** Editors and mail programs write “ and ” in place of ". */
const TYPOGRAPHIC = Array.from("“”„‟‘’«»″", (quote) => Buffer.from(quote).toString("latin1"));

/** @param text one character a byte */
function quoteAdvice(text: string): string | undefined {
  const quote = TYPOGRAPHIC.find((each) => text.includes(each));
  return quote === undefined ? undefined : `write " in place of ${quote}`;
}

function escapeAdvice(code: number): string {
  return `write \\u${code.toString(16).padStart(4, "0")}`;
}
