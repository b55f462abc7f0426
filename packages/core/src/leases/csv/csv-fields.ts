/** Reads the fields of a lease file's rows as bytes: numbers, addresses, hexadecimal and Kea's escapes, without a string a row. */
import { type Ipv6Key, parseIpv6Key, readIpv6Key } from "../../ip/ipv6-key.ts";
import { AMPERSAND } from "../../storage/row-writer.ts";

const COLON = 0x3a;
const DOT = 0x2e;
const ZERO = 0x30;

/** Value of a hexadecimal digit by its byte; 255 for any other byte. */
const NIBBLE = Uint8Array.from({ length: 256 }, (_, byte) => {
  const value = Number.parseInt(String.fromCharCode(byte), 16);
  return Number.isNaN(value) ? 255 : value;
});

/** Decimal digits only, at most `max`; -1 for anything else. */
export function parseDecimal(bytes: Uint8Array, start: number, end: number, max: number): number {
  if (start === end || end - start > 16) return -1;
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = bytes[at]! - ZERO;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value <= max ? value : -1;
}

/** Dotted decimal, each part at most 255 and without leading zeros; -1 for anything else. */
export function parseDottedIpv4(bytes: Uint8Array, start: number, end: number): number {
  let address = 0;
  let from = start;
  for (let part = 0; part < 4; part++) {
    let to = from;
    while (to < end && bytes[to] !== DOT) to++;
    const value = parseDecimal(bytes, from, to, 255);
    if (value < 0 || (to - from > 1 && bytes[from] === ZERO)) return -1;
    if (part < 3 ? to === end : to !== end) return -1;
    address = address * 256 + value;
    from = to + 1;
  }
  return address;
}

const octets = new Uint8Array(16);
const LONGEST_IPV6 = 45;

/** An IPv6 address as RFC 4291 §2.2 has it. */
export function parseIpv6Text(bytes: Uint8Array, start: number, end: number): Ipv6Key | undefined {
  if (end - start > LONGEST_IPV6) return undefined;
  // The form that ends in dotted decimal is rare.
  return parseGroups(bytes, start, end) ?? parseIpv6Key(latin1Slice.call(bytes, start, end));
}

function parseGroups(bytes: Uint8Array, start: number, end: number): Ipv6Key | undefined {
  let filled = 0;
  /** What is filled when `::` comes. */
  let gap = -1;
  for (let at = start; at < end; ) {
    if (gap < 0 && at + 1 < end && bytes[at] === COLON && bytes[at + 1] === COLON) {
      gap = filled;
      at += 2;
      if (at === end) break;
    } else if (filled > 0) {
      if (bytes[at++] !== COLON) return undefined;
    }
    const from = at;
    let group = 0;
    for (; at < end && NIBBLE[bytes[at]!]! !== 255; at++) group = (group << 4) | NIBBLE[bytes[at]!]!;
    if (at === from || at - from > 4 || filled === 16) return undefined;
    octets[filled++] = group >> 8;
    octets[filled++] = group;
  }
  if (gap < 0 ? filled < 16 : filled === 16) return undefined;
  if (gap >= 0) {
    const behind = 16 - filled + gap;
    octets.copyWithin(behind, gap, filled);
    octets.fill(0, gap, behind);
  }
  return readIpv6Key(octets);
}

/**
 * Groups of one or two hexadecimal digits between colons, into `octets`.
 * @returns how many octets; -1 when it is something else or `octets` is too short.
 */
export function parseColonHex(bytes: Uint8Array, start: number, end: number, octets: Uint8Array): number {
  if (start === end) return 0;
  let count = 0;
  for (let at = start; ; at++) {
    const high = at < end ? NIBBLE[bytes[at]!]! : 255;
    if (high === 255 || count === octets.length) return -1;
    const low = at + 1 < end ? NIBBLE[bytes[at + 1]!]! : 255;
    if (low === 255) octets[count++] = high;
    else {
      octets[count++] = (high << 4) | low;
      at++;
    }
    at++;
    if (at === end) return count;
    if (bytes[at] !== COLON) return -1;
  }
}

/** Text whose `&#xNN` stand for bytes; an ampersand that begins no such escape is itself. One character a byte. */
export function parseEscaped(bytes: Uint8Array, start: number, end: number): string {
  if (start === end) return "";
  const text = latin1Slice.call(bytes, start, end);
  if (!includesByte(bytes, start, end, AMPERSAND, AMPERSAND)) return text;
  return text.replace(/&#x([0-9a-fA-F]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

/** The same in lower case, as Kea does to the host names it loads; bytes above 0x7f stay as they are. */
export function parseEscapedLowerCase(bytes: Uint8Array, start: number, end: number): string {
  const text = parseEscaped(bytes, start, end);
  const mayHaveCapitals =
    includesByte(bytes, start, end, 0x41, 0x5a) || includesByte(bytes, start, end, AMPERSAND, AMPERSAND);
  if (!mayHaveCapitals) return text;
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

// Works on any byte array and, unlike `Buffer.from(…)`, makes no object but the string.
const latin1Slice: (this: Uint8Array, start: number, end: number) => string = Buffer.prototype.latin1Slice;

function includesByte(bytes: Uint8Array, start: number, end: number, lowest: number, highest: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte >= lowest && byte <= highest) return true;
  }
  return false;
}
