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

/** A map that is too long to be made at once: each value is made when it is written. */
export class JsonEntries {
  /** In the order of their keys. */
  readonly entries: Iterable<readonly [key: string, value: Json]>;

  constructor(entries: Iterable<readonly [key: string, value: Json]>) {
    this.entries = entries;
  }
}

/** What is under way; nested calls put theirs behind. */
const out = new TextWriter(4096);

/** In one line: `{ "arguments": [ 1, 2 ], "result": 0 }`. Waits for nothing. */
export function formatJson(value: Json): string {
  const start = out.length;
  try {
    write(value);
    return out.latin1(start);
  } finally {
    out.cut(start);
  }
}

/** A million leases come this way: what a string or a list a field would leave behind would be gigabytes. */
function write(value: Json): void {
  if (value instanceof JsonList)
    writeItems([...value.items].filter((item): item is Json => !(item instanceof Promise)));
  else if (value instanceof JsonEntries) writeMap(Object.fromEntries(value.entries));
  else if (isList(value)) writeItems(value);
  else if (isMap(value)) writeMap(value);
  else writeScalar(value);
}

function writeItems(items: readonly Json[]): void {
  out.printable("[ ");
  for (let i = 0; i < items.length; i++) {
    if (i > 0) out.printable(", ");
    write(items[i]);
  }
  out.printable(" ]");
}

function writeMap(map: JsonMap): void {
  out.printable("{ ");
  let isFirst = true;
  for (const key of keysOf(map)) {
    const value = map[key];
    if (value === undefined) continue;
    if (!isFirst) out.printable(", ");
    isFirst = false;
    writeText(key);
    out.printable(": ");
    write(value);
  }
  out.printable(" }");
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
  out.printable('"');
  out.printable(isPlain(text) ? text : escaped(text));
  out.printable('"');
}

/**
 * The same in parts, so that others have their turn while a long text is made. Where a part is a promise, the next one
 * is to be asked for when that has resolved.
 * @param indent for people: one item a line, two spaces deeper each; `undefined` for one line
 */
export function formatParts(value: Json, indent?: string): Iterable<string | Promise<void>> {
  if (value instanceof JsonList || (isList(value) && indent !== undefined)) {
    return between("[", "]", isList(value) ? value : value.items, indent, formatParts);
  }
  if (value instanceof JsonEntries) {
    return between("{", "}", value.entries, indent, function* ([key, each], inner) {
      yield `${formatJson(key)}: `;
      yield* formatParts(each, inner);
    });
  }
  if (isMap(value) && (indent !== undefined || hasObjects(value))) {
    const keys = keysOf(value).filter((key) => value[key] !== undefined);
    return between("{", "}", keys, indent, function* (key, inner) {
      yield `${formatJson(key)}: `;
      yield* formatParts(value[key], inner);
    });
  }
  return [formatJson(value)];
}

function* between<T>(
  open: string,
  close: string,
  items: Iterable<T | Promise<void>>,
  indent: string | undefined,
  format: (item: T, inner: string | undefined) => Iterable<string | Promise<void>>,
): Generator<string | Promise<void>> {
  const inner = indent === undefined ? undefined : `${indent}  `;
  const space = inner === undefined ? " " : `\n${inner}`;
  let isFirst = true;
  yield open;
  for (const item of items) {
    if (item instanceof Promise) {
      yield item;
      continue;
    }
    yield isFirst ? space : inner === undefined ? ", " : `,${space}`;
    yield* format(item, inner);
    isFirst = false;
  }
  if (inner === undefined) yield isFirst ? `  ${close}` : ` ${close}`;
  else yield isFirst ? `  ${close}` : `\n${indent}${close}`;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isMap(value: Json): value is JsonMap {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return !(value instanceof JsonList || value instanceof JsonEntries);
}

function hasObjects(map: JsonMap): boolean {
  for (const key of Object.keys(map)) if (typeof map[key] === "object") return true;
  return false;
}

/** In order; those without a value may be among them. */
function keysOf(map: JsonMap): readonly string[] {
  const keys = Object.keys(map);
  for (let i = 1; i < keys.length; i++) if (keys[i - 1]! > keys[i]!) return keys.sort();
  return keys;
}

/** All but quotation marks, backslashes and what is no ASCII character. */
function isPlain(text: string): boolean {
  return /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/.test(text);
}

function escaped(text: string): string {
  // What came in is bytes, a character each; characters beyond that are our own.
  return JSON.stringify(text)
    .slice(1, -1)
    .replace(/[\x7f-\uffff]/g, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
