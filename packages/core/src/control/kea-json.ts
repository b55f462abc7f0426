/**
 * JSON as Kea writes it: keys in order, a space inside brackets, strings as bytes of which those outside of ASCII are
 * escaped one by one (`é` is `\u00c3\u00a9`).
 */

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

/** In one line: `{ "arguments": [ 1, 2 ], "result": 0 }`. Waits for nothing. */
export function formatJson(value: Json): string {
  if (value instanceof JsonList)
    return formatJson([...value.items].filter((item): item is Json => !(item instanceof Promise)));
  if (value instanceof JsonEntries) return formatJson(Object.fromEntries(value.entries));
  if (isList(value)) return `[ ${value.map(formatJson).join(", ")} ]`;
  return isMap(value) ? formatMap(value) : formatScalar(value);
}

/** A million leases come this way: no lists on the way. */
function formatMap(map: JsonMap): string {
  let text = "";
  for (const key of keysOf(map)) text += `${text === "" ? "" : ", "}${quote(key)}: ${formatJson(map[key])}`;
  return `{ ${text} }`;
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
      yield `${quote(key)}: `;
      yield* formatParts(each, inner);
    });
  }
  if (isMap(value) && (indent !== undefined || Object.values(value).some((each) => typeof each === "object"))) {
    return between("{", "}", keysOf(value), indent, function* (key, inner) {
      yield `${quote(key)}: `;
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

function formatScalar(value: Exclude<Json, object>): string {
  if (typeof value === "string") return quote(value);
  // JavaScript would round what it prints: 2^64 is 18446744073709552000.
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return BigInt(value as number).toString();
  return String(value);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isMap(value: Json): value is JsonMap {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return !(value instanceof JsonList || value instanceof JsonEntries);
}

function keysOf(map: JsonMap): string[] {
  const keys = Object.keys(map).filter((key) => map[key] !== undefined);
  return keys.every((key, i) => i === 0 || keys[i - 1]! < key) ? keys : keys.sort();
}

function quote(text: string): string {
  // All but quotation marks, backslashes and what is no ASCII character.
  if (/^[\x20\x21\x23-\x5b\x5d-\x7e]*$/.test(text)) return `"${text}"`;
  const quoted = JSON.stringify(text);
  // What came in is bytes, a character each; characters beyond that are our own.
  return quoted.replace(/[\x7f-\uffff]/g, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
