/**
 * IPv6 addresses as the packet path has them: strings of 16 characters, one a byte, in network order. `===` compares
 * them, `<` sorts them as numbers, a `Map` looks them up, and making one costs half of what a view of bytes does.
 */
import { type Ipv6, parseIpv6 } from "./ipv6.ts";
import { TextWriter } from "./text-writer.ts";

/** The brand keeps text like `2001:db8::1` out. */
export type Ipv6Key = string & { readonly Ipv6Key: true };

/** The address in `bytes[at…at+15]`, which must be there. */
export function readIpv6Key(bytes: Uint8Array, at = 0): Ipv6Key {
  // One call with 16 arguments: no intermediate array, no concatenation.
  return String.fromCharCode(
    bytes[at]!,
    bytes[at + 1]!,
    bytes[at + 2]!,
    bytes[at + 3]!,
    bytes[at + 4]!,
    bytes[at + 5]!,
    bytes[at + 6]!,
    bytes[at + 7]!,
    bytes[at + 8]!,
    bytes[at + 9]!,
    bytes[at + 10]!,
    bytes[at + 11]!,
    bytes[at + 12]!,
    bytes[at + 13]!,
    bytes[at + 14]!,
    bytes[at + 15]!,
  ) as Ipv6Key;
}

export function writeIpv6Key(key: Ipv6Key, bytes: Uint8Array, at: number): void {
  for (let i = 0; i < 16; i++) bytes[at + i] = key.charCodeAt(i);
}

/** The same address as bytes. */
export function toIpv6(key: Ipv6Key): Ipv6 {
  const address = new Uint8Array(16);
  writeIpv6Key(key, address, 0);
  return address;
}

export function parseIpv6Key(text: string): Ipv6Key | undefined {
  const address = parseIpv6(text);
  return address && readIpv6Key(address);
}

const COLON = 0x3a;
/** RFC 4291 §2.5.5.2: ::ffff:0:0/96. */
const MAPPED = `${"\0".repeat(10)}\xff\xff`;
/** The 16 bits of an address that stand between two colons. */
function groupOf(address: Ipv6Key, i: number): number {
  return (address.charCodeAt(2 * i) << 8) | address.charCodeAt(2 * i + 1);
}

/** RFC 5952: small letters, no leading zeros, the first of the longest rows of zero groups shortened; `::ffff:192.0.2.1`. */
export function writeIpv6Text(address: Ipv6Key, out: TextWriter): void {
  if (address.startsWith(MAPPED)) {
    out.printable("::ffff:");
    out.dottedIpv4(((groupOf(address, 6) << 16) | groupOf(address, 7)) >>> 0);
    return;
  }
  let gap = 8;
  let gapEnd = 8;
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && groupOf(address, end) === 0) end++;
    if (end - i > Math.max(1, gapEnd - gap)) {
      gap = i;
      gapEnd = end;
    }
    if (end > i) i = end;
  }
  for (let i = 0; i < 8; i++) {
    if (i === gap) {
      out.byte(COLON);
      if (gapEnd === 8) out.byte(COLON);
      i = gapEnd - 1;
      continue;
    }
    if (i > 0) out.byte(COLON);
    const group = groupOf(address, i);
    for (let shift = group > 0xfff ? 12 : group > 0xff ? 8 : group > 0xf ? 4 : 0; shift >= 0; shift -= 4) {
      out.digit((group >> shift) & 15);
    }
  }
}

const LONGEST_TEXT = 39;
const text = new TextWriter(LONGEST_TEXT);

export function formatIpv6Key(key: Ipv6Key): string {
  text.clear();
  writeIpv6Text(key, text);
  return text.latin1(0);
}

/** The unspecified address: nobody's. */
export const UNSPECIFIED: Ipv6Key = readIpv6Key(new Uint8Array(16));

/** RFC 4291 §2.5.6: fe80::/10, good on one link only. */
export function isLinkLocal(key: Ipv6Key): boolean {
  return key.charCodeAt(0) === 0xfe && (key.charCodeAt(1) & 0xc0) === 0x80;
}

/** RFC 4291 §2.7: ff00::/8. */
export function isMulticast(key: Ipv6Key): boolean {
  return key.charCodeAt(0) === 0xff;
}

/** RFC 4291 §2.7: of link-local scope, which no router passes on; ff02::1:2 for one. */
export function isLinkMulticast(key: Ipv6Key): boolean {
  return isMulticast(key) && (key.charCodeAt(1) & 0xf) === 2;
}

/** The first address of the prefix of `length` bits that `key` is in. */
export function maskIpv6Key(key: Ipv6Key, length: number): Ipv6Key {
  if (isPrefixAddress(key, length)) return key;
  const address = toIpv6(key);
  clearBits(address, length);
  return readIpv6Key(address);
}

/** Whether all bits beyond `length` are zero. */
export function isPrefixAddress(key: Ipv6Key, length: number): boolean {
  for (let i = length >> 3; i < 16; i++) {
    const free = i === length >> 3 ? 0xff >> (length & 7) : 0xff;
    if ((key.charCodeAt(i) & free) !== 0) return false;
  }
  return true;
}

function clearBits(address: Ipv6, length: number): void {
  const byte = length >> 3;
  if (byte === 16) return;
  address[byte]! &= 0xff00 >> (length & 7);
  address.fill(0, byte + 1);
}

/** Whether the prefix of `length` bits at `prefix` has `key` in it. */
export function isInPrefix(key: Ipv6Key, prefix: Ipv6Key, length: number): boolean {
  const whole = length >> 3;
  for (let i = 0; i < whole; i++) if (key.charCodeAt(i) !== prefix.charCodeAt(i)) return false;
  const rest = 0xff00 >> (length & 7);
  return whole === 16 || ((key.charCodeAt(whole) ^ prefix.charCodeAt(whole)) & rest & 0xff) === 0;
}

/** The address before one; `undefined` before the first. */
export function precedingKey(key: Ipv6Key): Ipv6Key | undefined {
  const address = toIpv6(key);
  for (let i = 15; i >= 0; i--) {
    address[i]! -= 1;
    if (address[i] !== 0xff) return readIpv6Key(address);
  }
  return undefined;
}
