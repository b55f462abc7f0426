/** An expression's text as tokens. */

import { writeU32 } from "../base/big-endian.ts";
import { parseHex } from "../base/hex.ts";
import { parseIpv4 } from "../ip/ipv4.ts";
import { parseIpv6 } from "../ip/ipv6.ts";
import { ExpressionError } from "./expression.ts";

export interface Token {
  /** `bytes`: a string, hexadecimal digits or an address. `mark`: anything else that is no name. */
  readonly kind: "string" | "bytes" | "integer" | "name" | "mark" | "end";
  /** As it stands there; of a string without its quotes. */
  readonly text: string;
  readonly at: number;
  readonly end: number;
  /** What a constant stands for. */
  readonly bytes: Uint8Array | undefined;
}

const BLANK = /\s*/y;
const STRING = /'([^'\n]*)'/y;
const HEX = /0[xX][0-9a-fA-F]+/y;
/** Whatever looks like an address, right or wrong: two dots in dotted decimal, or a colon. */
const ADDRESS = /[0-9]+\.[0-9]+\.[0-9.]*|[0-9a-fA-F]*:[0-9a-fA-F:.]*/y;
const INTEGER = /-?[0-9]+/y;
const NAME = /[A-Za-z][A-Za-z0-9_-]*/y;
const MARK = /==|[()[\],.+*]/y;

/** @throws {ExpressionError} */
export function scanExpression(text: string): Token[] {
  const tokens: Token[] = [];
  for (let at = skipBlank(text, 0); at < text.length; ) {
    const token = scanToken(text, at);
    tokens.push(token);
    at = skipBlank(text, token.end);
  }
  tokens.push({ kind: "end", text: "the end", at: text.length, end: text.length, bytes: undefined });
  return tokens;
}

function skipBlank(text: string, at: number): number {
  BLANK.lastIndex = at;
  BLANK.exec(text);
  return BLANK.lastIndex;
}

function scanToken(text: string, at: number): Token {
  const found = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  const token = (kind: Token["kind"], shown: string, length: number, bytes?: Uint8Array): Token => {
    return { kind, text: shown, at, end: at + length, bytes };
  };
  if (text[at] === "'") {
    const string = found(STRING);
    if (string === null) throw new ExpressionError(at, "the quote is never closed");
    return token("string", string[1]!, string[0].length, Buffer.from(string[1]!, "utf8"));
  }
  const hex = found(HEX);
  if (hex !== null) return token("bytes", hex[0], hex[0].length, parseHex(hex[0])!);
  const address = found(ADDRESS);
  if (address !== null) return token("bytes", address[0], address[0].length, parseAddress(address[0], at));
  const integer = found(INTEGER);
  if (integer !== null) return token("integer", integer[0], integer[0].length);
  const name = found(NAME);
  if (name !== null) return token("name", name[0], name[0].length);
  const mark = found(MARK);
  if (mark !== null) return token("mark", mark[0], mark[0].length);
  const hint = text[at] === '"' ? ": text stands in single quotes" : text[at] === "!" ? ': write "not (… == …)"' : "";
  throw new ExpressionError(at, `${JSON.stringify(text[at])} has no meaning here${hint}`);
}

function parseAddress(text: string, at: number): Uint8Array {
  if (text.includes(":")) {
    const address = parseIpv6(text);
    if (address !== undefined) return address;
  } else {
    const address = parseIpv4(text);
    if (address !== undefined) return u32Bytes(address);
  }
  throw new ExpressionError(at, `"${text}" is no address`);
}

/** Numbers are four bytes in network order. */
export function u32Bytes(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  writeU32(bytes, 0, value);
  return bytes;
}
