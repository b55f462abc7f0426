/** `range`, `range6` and `prefix6` as ranges of numbers, and as Kea writes them. */
import { formatIpv4, parseIpv4 } from "@kotare/core/ip/ipv4";
import { formatIpv6, parseIpv6 } from "@kotare/core/ip/ipv6";
import { type Clause, rawOf } from "../dhcpd/clause.ts";
import { is, type Token } from "../dhcpd/token.ts";

/** Addresses as numbers, both ends included. */
export interface Range {
  readonly first: bigint;
  readonly last: bigint;
}

export interface DeclaredRange extends Range {
  readonly clause: Clause;
  /** Of `prefix6`: the length of the prefixes. */
  readonly prefixLength?: number;
  readonly isTemporary?: true;
  readonly isForBootp?: true;
}

const BITS = { 4: 32, 6: 128 } as const;

export function parseNumber(text: string, family: 4 | 6): bigint | undefined {
  const address = family === 4 ? parseIpv4(text) : parseIpv6(text);
  if (address === undefined) return undefined;
  return typeof address === "number" ? BigInt(address) : BigInt(`0x${Buffer.from(address).toString("hex")}`);
}

export function formatNumber(number: bigint, family: 4 | 6): string {
  if (family === 4) return formatIpv4(Number(number));
  return formatIpv6(Buffer.from(number.toString(16).padStart(32, "0"), "hex"));
}

/** All addresses of a prefix. */
export function rangeOfPrefix(address: bigint, length: number, family: 4 | 6): Range {
  const size = 1n << BigInt(BITS[family] - length);
  const first = address - (address % size);
  return { first, last: first + size - 1n };
}

export function contains(outer: Range, inner: Range): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}

/** @returns `undefined` for words that are no range */
export function readRange(clause: Clause): DeclaredRange | undefined {
  const keyword = clause.head[0]!.text.toLowerCase();
  const family = keyword === "range" ? 4 : 6;
  const isForBootp = is(clause.head[1], "dynamic-bootp");
  const words = clause.head.slice(isForBootp ? 2 : 1);
  const isTemporary = is(words.at(-1), "temporary");
  const [low, high] = addressesIn(isTemporary ? words.slice(0, -1) : words);
  if (low === undefined) return undefined;
  const more = { clause, ...(isForBootp && { isForBootp }), ...(isTemporary && { isTemporary }) };
  if (keyword === "prefix6") {
    const [from, to, length] = prefixWords(words);
    const [first, end] = [parseNumber(from, 6), parseNumber(to, 6)];
    const prefixLength = Number(length);
    if (first === undefined || end === undefined || !(prefixLength > 0 && prefixLength <= 128)) return undefined;
    if (rangeOfPrefix(first, prefixLength, 6).first !== first || end < first) return undefined;
    return { first, last: rangeOfPrefix(end, prefixLength, 6).last, prefixLength, ...more };
  }
  const [address, length] = low.split("/");
  const first = parseNumber(address!, family);
  if (first === undefined) return undefined;
  if (length !== undefined && !(/^\d+$/.test(length) && Number(length) <= BITS[family])) return undefined;
  if (length !== undefined) return { ...rangeOfPrefix(first, Number(length), family), ...more };
  const last = high === undefined ? first : parseNumber(high, family);
  if (last === undefined) return undefined;
  return first <= last ? { first, last, ...more } : { first: last, last: first, ...more };
}

/** Addresses of a list that spaces separate. */
export function addressesIn(tokens: readonly Token[]): readonly string[] {
  const text = rawOf(tokens).replace(/\s*\/\s*/g, "/");
  return text === "" ? [] : text.split(/[\s,]+/);
}

/** `low high /length`, and `low/length` for all in it. */
function prefixWords(tokens: readonly Token[]): readonly [string, string, string] {
  const [low = "", high = "", length = ""] = rawOf(tokens).replaceAll("/", " /").split(/\s+/);
  return [low, high, length.replace("/", "")];
}

/** The fewest prefixes that make up a range, none longer than one of its members. */
export function prefixesOf(
  { first, last }: Range,
  longest: number,
): { readonly address: string; readonly length: number }[] {
  const prefixes: { address: string; length: number }[] = [];
  for (let at = first; at <= last; ) {
    let length = longest;
    while (length > 1) {
      const size = 1n << BigInt(128 - (length - 1));
      if (at % size !== 0n || at + size - 1n > last) break;
      length--;
    }
    prefixes.push({ address: formatNumber(at, 6), length });
    at += 1n << BigInt(128 - length);
  }
  return prefixes;
}
