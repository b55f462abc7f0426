/** The words of dhcpd's language: dhcpd.conf and the files of leases are made of the same ones. */
import type { Position } from "@kotare/core/config/fault";

export interface Token {
  /** `word`: letters, digits, `-` and `_`, so numbers are words, too; `mark`: any other character, alone. */
  readonly kind: "word" | "string" | "mark";
  /** Of a string what it stands for, one character a byte. */
  readonly text: string;
  /** Where it begins and ends in the text of its file. */
  readonly start: number;
  readonly end: number;
  readonly source: SourceText;
}

/** A file; one character a byte. */
export class SourceText {
  readonly file: string;
  readonly text: string;
  #lines: readonly number[] | undefined;

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
  }

  /** @param offset of a character of the text */
  position(offset: number): Position {
    this.#lines ??= [0, ...[...this.text.matchAll(/\n/g)].map(({ index }) => index + 1)];
    let [low, high] = [0, this.#lines.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#lines[middle]! <= offset) low = middle;
      else high = middle;
    }
    return { file: this.file, line: low + 1, column: offset - this.#lines[low]! + 1 };
  }
}

/** A text that dhcpd does not take either. */
export class DhcpdSyntaxError extends Error {
  readonly position: Position;

  constructor(message: string, position: Position) {
    super(message);
    this.position = position;
  }
}

const BLANK = /\s*(?:#[^\n]*\s*)*/y;
const WORD = /[A-Za-z0-9_][A-Za-z0-9_-]*/y;

/** @throws {DhcpdSyntaxError} where a string has no end */
export function* tokensOf(source: SourceText): Generator<Token> {
  const { text } = source;
  for (let at = 0; ; ) {
    BLANK.lastIndex = at;
    BLANK.test(text);
    const start = BLANK.lastIndex;
    if (start >= text.length) return;
    WORD.lastIndex = start;
    if (text[start] === '"') {
      const { value, end } = stringAt(source, start);
      yield { kind: "string", text: value, start, end, source };
      at = end;
    } else if (WORD.test(text)) {
      at = WORD.lastIndex;
      yield { kind: "word", text: text.slice(start, at), start, end: at, source };
    } else {
      at = start + 1;
      yield { kind: "mark", text: text[start]!, start, end: at, source };
    }
  }
}

const ESCAPES: Readonly<Record<string, string>> = { t: "\t", r: "\r", n: "\n", b: "\b" };
const ESCAPE = /\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|([\s\S]))/g;
const STRING = /"((?:[^"\\]|\\[\s\S])*)"/y;

function stringAt(source: SourceText, start: number): { readonly value: string; readonly end: number } {
  STRING.lastIndex = start;
  const found = STRING.exec(source.text);
  if (found === null) throw new DhcpdSyntaxError("a string has no closing quote", source.position(start));
  return { value: unescapeText(found[1]!), end: STRING.lastIndex };
}

/** What the inside of a string stands for: `\032` and `\xff` are bytes, `\"` a quote. */
export function unescapeText(inside: string): string {
  if (!inside.includes("\\")) return inside;
  return inside.replace(ESCAPE, (_, hex?: string, octal?: string, other?: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 255);
    return ESCAPES[other!] ?? other!;
  });
}

/** Whether a token is this word, which may be in capitals, or this mark. */
export function is(token: Token | undefined, text: string): boolean {
  return token !== undefined && token.kind !== "string" && token.text.toLowerCase() === text;
}
