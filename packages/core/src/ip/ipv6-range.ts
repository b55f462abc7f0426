/**
 * Ranges of IPv6 addresses or of equally long prefixes, whose members are counted: pools. An address is a prefix of
 * 128 bits, so both kinds are one.
 */
import { formatHex } from "../base/hex.ts";
import { formatIpv6, type Ipv6, parseIpv6, parseIpv6Prefix } from "./ipv6.ts";
import { type Ipv6Key, isInPrefix, maskIpv6Key, readIpv6Key, toIpv6 } from "./ipv6-key.ts";

export interface Ipv6Range {
  /** The first member. */
  readonly first: Ipv6Key;
  /** The last member. */
  readonly last: Ipv6Key;
  /** Bits of a member's prefix: 128 for addresses. */
  readonly length: number;
  /** How many members: exact up to 2^53, above that the nearest floating-point number. */
  readonly size: number;
}

/** Members `first` to `last`, each a prefix of `length` bits; the ends' bits beyond `length` do not count. */
export function createIpv6Range(first: Ipv6Key, last: Ipv6Key, length: number): Ipv6Range {
  const range = { first: maskIpv6Key(first, length), last: maskIpv6Key(last, length), length };
  return { ...range, size: distance(range.first, range.last, length) + 1 };
}

/** As `size`, but exact. */
export function countMembers({ first, last, length }: Ipv6Range): bigint {
  const numberOf = (key: Ipv6Key): bigint => BigInt(`0x${formatHex(toIpv6(key), "")}`) >> BigInt(128 - length);
  return numberOf(last) - numberOf(first) + 1n;
}

/** The prefixes of `delegatedLength` bits in a prefix: a pd-pool; with 128 the addresses in it. */
export function dividePrefix(prefix: Ipv6Key, length: number, delegatedLength: number): Ipv6Range {
  const first = maskIpv6Key(prefix, length);
  const end = toIpv6(first);
  const byte = length >> 3;
  if (byte < 16) {
    end[byte]! |= 0xff >> (length & 7);
    end.fill(0xff, byte + 1);
  }
  return createIpv6Range(first, readIpv6Key(end), delegatedLength);
}

/** A pool of addresses in both of Kea's notations, `2001:db8::1 - 2001:db8::ff` and `2001:db8::/64`; ends inclusive. */
export function parseIpv6Range(text: string): Ipv6Range | undefined {
  const dash = text.indexOf("-");
  if (dash < 0) {
    const prefix = parseIpv6Prefix(text.trim());
    return prefix && dividePrefix(readIpv6Key(prefix.address), prefix.length, 128);
  }
  const first = parseIpv6(text.slice(0, dash).trim());
  const last = parseIpv6(text.slice(dash + 1).trim());
  if (first === undefined || last === undefined) return undefined;
  const [from, to] = [readIpv6Key(first), readIpv6Key(last)];
  return from > to ? undefined : createIpv6Range(from, to, 128);
}

/** `2001:db8::1-2001:db8::ff`, or `2001:db8::/56-2001:db8:0:ff00::/56`. */
export function formatIpv6Range({ first, last, length }: Ipv6Range): string {
  const end = length === 128 ? "" : `/${length}`;
  const format = (key: Ipv6Key): string => formatIpv6(toIpv6(key)) + end;
  return `${format(first)}-${format(last)}`;
}

/** Whether the range has the address, or the prefix of `range.length` bits at that address, among its members. */
export function isInRange(range: Ipv6Range, key: Ipv6Key): boolean {
  return range.first <= key && (key <= range.last || isInPrefix(key, range.last, range.length));
}

/**
 * The member with an index.
 * @param index a whole number from 0, below `range.size` and at most 2^53 - 1
 */
export function memberAt(range: Ipv6Range, index: number): Ipv6Key {
  const address: Ipv6 = toIpv6(range.first);
  const shift = 128 - range.length;
  let at = 15 - (shift >> 3);
  if (at < 0) return range.first;
  // Of the lowest byte a member has only the bits above `shift`: as many of the index fit there.
  const fit = 1 << (8 - (shift & 7));
  let carry = address[at]! + ((index % fit) << (shift & 7));
  let rest = Math.floor(index / fit);
  for (;;) {
    address[at] = carry;
    carry >>= 8;
    if ((rest === 0 && carry === 0) || at === 0) return readIpv6Key(address);
    at--;
    carry += address[at]! + (rest % 256);
    rest = Math.floor(rest / 256);
  }
}

/**
 * The index of a member: of the one that covers the address, where members are prefixes.
 * @returns `undefined` when the address is outside, or so far behind `first` that a number does not count it exactly
 */
export function indexIn(range: Ipv6Range, key: Ipv6Key): number | undefined {
  if (!isInRange(range, key)) return undefined;
  const index = distance(range.first, key, range.length);
  return index <= Number.MAX_SAFE_INTEGER ? index : undefined;
}

/** How many prefixes of `length` bits lie between two addresses, `to` not being below `from`. Inexact above 2^53. */
function distance(from: Ipv6Key, to: Ipv6Key, length: number): number {
  const shift = 128 - length;
  const lowest = 15 - (shift >> 3);
  let total = 0;
  let weight = 1;
  let borrow = 0;
  for (let at = lowest; at >= 0; at--) {
    const bit = at === lowest ? shift & 7 : 0;
    let digit = (to.charCodeAt(at) >> bit) - (from.charCodeAt(at) >> bit) - borrow;
    borrow = digit < 0 ? 1 : 0;
    const base = 1 << (8 - bit);
    digit += borrow * base;
    // Digits that are never negative keep every sum on the way exact where the last one is.
    total += digit * weight;
    weight *= base;
  }
  return total;
}
