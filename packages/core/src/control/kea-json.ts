/**
 * JSON as Kea writes it: keys in order, a space inside brackets, strings as bytes of which those outside of ASCII are
 * escaped one by one (`é` is `\u00c3\u00a9`).
 */

import { TextWriter } from "../ip/text-writer.ts";

/** Of a safe integer. */
const MOST_DIGITS = 16;

/** What an answer may hold; a key whose value is `undefined` is left out. */
export type Json =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | readonly Json[]
  | JsonList
  | JsonEntries
  | JsonReal
  | JsonText
  | { readonly [key: string]: Json };

type JsonMap = { readonly [key: string]: Json };

/**
 * A list that is too long to be made at once: each item is made when it is written. A promise among the items is
 * nothing of the list: whoever writes it waits there.
 */
export class JsonList {
  readonly items: Iterable<Json | Promise<void>>;

  constructor(items: Iterable<Json | Promise<void>>) {
    this.items = items;
  }

  static of<T>(list: readonly T[], make: (item: T) => Json): JsonList {
    return new JsonList({
      *[Symbol.iterator]() {
        for (const item of list) yield make(item);
      },
    });
  }
}

/** A map that is too long to be made at once: it is made some entries at a time, when they are written. */
export class JsonEntries {
  /** In the order in which they are written. None of the lists is empty; what is made late is alone in its list. */
  readonly entries: Iterable<readonly JsonEntry[]>;

  constructor(entries: Iterable<readonly JsonEntry[]>) {
    this.entries = entries;
  }
}

export type JsonEntry = readonly [key: string, value: Json];

/** A number with a decimal point, whole or not: `1.0`. */
export class JsonReal {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }

  toString(): string {
    return Number.isInteger(this.value) ? this.value.toFixed(1) : String(this.value);
  }
}

/** What is JSON already, in parts that are made when they are written; in one line, and once only. */
export class JsonText {
  readonly parts: Iterable<string | Promise<void>>;

  constructor(parts: Iterable<string | Promise<void>>) {
    this.parts = parts;
  }
}

/** What is under way; nested calls put theirs behind. */
const out = new TextWriter(4096);

/**
 * `{ "arguments": [ 1, 2 ], "result": 0 }`. Waits for nothing.
 * @param indent for people: one item a line, two spaces deeper each; `undefined` for one line
 */
export function formatJson(value: Json, indent?: string): string {
  return written(() => write(value, indent));
}

function written(writeIt: () => void): string {
  const start = out.length;
  try {
    writeIt();
    return out.latin1(start);
  } finally {
    out.cut(start);
  }
}

/** A million leases come this way: what a string or a list a field would leave behind would be gigabytes. */
function write(value: Json, indent: string | undefined): void {
  if (typeof value !== "object" || value === null) writeScalar(value);
  else if (isList(value)) writeItems(value, indent);
  else if (value instanceof JsonList)
    writeItems(
      [...value.items].filter((item): item is Json => !(item instanceof Promise)),
      indent,
    );
  else if (value instanceof JsonEntries) writeMap(Object.fromEntries([...value.entries].flat()), indent);
  else if (value instanceof JsonText) for (const part of value.parts) out.utf8(typeof part === "string" ? part : "");
  else if (value instanceof JsonReal) out.printable(value.toString());
  else writeMap(value as JsonMap, indent);
}

function writeItems(items: readonly Json[], indent: string | undefined): void {
  const { inner, first, next, last } = gapsAt(indent);
  out.printable("[");
  for (let i = 0; i < items.length; i++) {
    writeGap(i === 0 ? first : next);
    write(items[i], inner);
  }
  writeGap(items.length === 0 ? "  " : last);
  out.printable("]");
}

function writeMap(map: JsonMap, indent: string | undefined): void {
  const { inner, first, next, last } = gapsAt(indent);
  out.printable("{");
  let isFirst = true;
  for (const key of keysOf(map)) {
    const value = map[key];
    if (value === undefined) continue;
    writeGap(isFirst ? first : next);
    isFirst = false;
    writeEntry(key, value, inner);
  }
  writeGap(isFirst ? "  " : last);
  out.printable("}");
}

function writeEntry(key: string, value: Json, indent: string | undefined): void {
  writeText(key);
  out.printable(": ");
  write(value, indent);
}

/** What stands between brackets and items. */
interface Gaps {
  /** The indentation of what is inside. */
  readonly inner: string | undefined;
  readonly first: string;
  readonly next: string;
  readonly last: string;
}

const ONE_LINE: Gaps = { inner: undefined, first: " ", next: ", ", last: " " };

function gapsAt(indent: string | undefined): Gaps {
  if (indent === undefined) return ONE_LINE;
  const inner = `${indent}  `;
  return { inner, first: `\n${inner}`, next: `,\n${inner}`, last: `\n${indent}` };
}

function writeGap(gap: string): void {
  // Line ends are no printable characters.
  const written = out.printable(gap);
  if (written < gap.length) out.utf8(gap.slice(written));
}

function writeScalar(value: Exclude<Json, object>): void {
  if (typeof value === "string") writeText(value);
  else if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) {
    out.reserve(MOST_DIGITS);
    out.decimal(value);
  }
  // JavaScript would round what it prints: 2^64 is 18446744073709552000.
  else out.printable(Number.isInteger(value) ? BigInt(value as number).toString() : String(value));
}

function writeText(text: string): void {
  if (out.quoted(text)) return;
  out.printable('"');
  out.printable(escaped(text));
  out.printable('"');
}

/**
 * The same in parts, so that others have their turn while a long text is made: of what is made while it is written, each
 * item is a part. Where a part is a promise, the next one is to be asked for when that has resolved.
 */
export function* formatParts(value: Json, indent?: string): Generator<string | Promise<void>> {
  if (value instanceof JsonText) yield* value.parts;
  else if (!isLong(value)) yield formatJson(value, indent);
  else if (value instanceof JsonList || isList(value)) {
    yield* formatBetween("[", "]", isList(value) ? value : value.items, indent, formatParts);
  } else {
    const entries = value instanceof JsonEntries ? value.entries : entriesOf(value as JsonMap);
    yield* formatBetween("{", "}", entries, indent, formatEntries);
  }
}

function* formatEntries(entries: readonly JsonEntry[], indent: string | undefined): Generator<string | Promise<void>> {
  const [first] = entries;
  if (entries.length === 1 && isLong(first![1])) {
    yield `${formatJson(first![0])}: `;
    yield* formatParts(first![1], indent);
    return;
  }
  const { next } = gapsAt(indent);
  yield written(() => {
    for (let i = 0; i < entries.length; i++) {
      if (i > 0) writeGap(next);
      writeEntry(...entries[i]!, indent);
    }
  });
}

/** As `formatJson`, where nothing of it is made while it is written; `undefined` where it takes `formatParts`. */
export function formatAtOnce(value: Json): string | undefined {
  return isLong(value) ? undefined : formatJson(value);
}

/** Whether something in it is made while it is written. */
function isLong(value: Json): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (isList(value)) return value.some(isLong);
  if (value instanceof JsonReal) return false;
  if (isMadeLate(value)) return true;
  for (const key in value) if (isLong((value as JsonMap)[key])) return true;
  return false;
}

function* entriesOf(map: JsonMap): Generator<readonly [JsonEntry]> {
  for (const key of keysOf(map)) if (map[key] !== undefined) yield [[key, map[key]]];
}

function* formatBetween<T>(
  open: string,
  close: string,
  items: Iterable<T | Promise<void>>,
  indent: string | undefined,
  format: (item: T, inner: string | undefined) => Iterable<string | Promise<void>>,
): Generator<string | Promise<void>> {
  const { inner, first, next, last } = gapsAt(indent);
  let isFirst = true;
  yield open;
  for (const item of items) {
    if (item instanceof Promise) {
      yield item;
      continue;
    }
    yield isFirst ? first : next;
    isFirst = false;
    yield* format(item, inner);
  }
  yield `${isFirst ? "  " : last}${close}`;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isMadeLate(value: object): value is JsonList | JsonEntries | JsonText {
  return value instanceof JsonList || value instanceof JsonEntries || value instanceof JsonText;
}

/** In order; those without a value may be among them. */
function keysOf(map: JsonMap): readonly string[] {
  const keys = Object.keys(map);
  for (let i = 1; i < keys.length; i++) if (keys[i - 1]! > keys[i]!) return keys.sort();
  return keys;
}

function escaped(text: string): string {
  // What came in is bytes, a character each; those of our own that are beyond go as their bytes, too: Kea reads no others.
  const bytes = text.replace(/[\u0100-\uffff]+/g, (own) => Buffer.from(own).toString("latin1"));
  return JSON.stringify(bytes)
    .slice(1, -1)
    .replace(/[\x7f-\xff]/g, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
