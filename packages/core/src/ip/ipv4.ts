/** IPv4 addresses are unsigned 32-bit numbers: cheap to compare, to mask and to keep in typed arrays. */

export type Ipv4 = number;

export interface Ipv4Prefix {
  /** The first address; bits beyond `length` are zero. */
  readonly address: Ipv4;
  readonly length: number;
}

export const LIMITED_BROADCAST: Ipv4 = 0xffff_ffff;

/** Strict dotted decimal: four parts, no leading zeros, each at most 255. */
export function parseIpv4(text: string): Ipv4 | undefined {
  return parsePart(text, 0, text.length);
}

/** By hand in a fifth of the time that an expression takes: large configurations have tens of thousands. */
function parsePart(text: string, start: number, end: number): Ipv4 | undefined {
  let address = 0;
  let part = -1;
  let dots = 0;
  for (let i = start; i < end; i++) {
    const digit = text.charCodeAt(i) - ZERO;
    if (digit >= 0 && digit <= 9) {
      if (part === 0) return undefined;
      part = part < 0 ? digit : part * 10 + digit;
      if (part > 255) return undefined;
    } else if (digit === DOT - ZERO && part >= 0 && dots < 3) {
      address = address * 256 + part;
      part = -1;
      dots++;
    } else return undefined;
  }
  return dots === 3 && part >= 0 ? address * 256 + part : undefined;
}

/** With blanks around it. */
function parseTrimmed(text: string, start: number, end: number): Ipv4 | undefined {
  return parsePart(text, start, end) ?? parseIpv4(text.slice(start, end).trim());
}

const ZERO = 0x30;
const DOT = 0x2e;

/** Looking them up takes a fraction of the time that making them takes. */
const OCTETS: readonly string[] = Array.from({ length: 256 }, (_, octet) => `${octet}`);

export function formatIpv4(address: Ipv4): string {
  const [a, b, c, d] = [address >>> 24, (address >>> 16) & 255, (address >>> 8) & 255, address & 255];
  return `${OCTETS[a]}.${OCTETS[b]}.${OCTETS[c]}.${OCTETS[d]}`;
}

/** The network mask of a prefix length: 24 → 0xffffff00. */
export function netmask(length: number): Ipv4 {
  return length === 0 ? 0 : (0xffff_ffff << (32 - length)) >>> 0;
}

/** `192.0.2.0/24`; bits beyond the length are cleared. */
export function parseIpv4Prefix(text: string): Ipv4Prefix | undefined {
  const slash = text.indexOf("/");
  const digits = text.length - slash - 1;
  if (slash < 0 || digits < 1 || digits > 2) return undefined;
  let length = 0;
  for (let i = slash + 1; i < text.length; i++) {
    const digit = text.charCodeAt(i) - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    length = length * 10 + digit;
  }
  const address = parseTrimmed(text, 0, slash);
  if (address === undefined || length > 32) return undefined;
  return { address: (address & netmask(length)) >>> 0, length };
}

/** A pool in both of Kea's notations, `192.0.2.10 - 192.0.2.99` and `192.0.2.64/26`; ends inclusive. */
export function parseIpv4Range(text: string): { readonly first: Ipv4; readonly last: Ipv4 } | undefined {
  const dash = text.indexOf("-");
  if (dash < 0) {
    const prefix = parseIpv4Prefix(text.trim());
    return prefix && { first: prefix.address, last: lastAddress(prefix) };
  }
  const first = parseTrimmed(text, 0, dash);
  const last = parseTrimmed(text, dash + 1, text.length);
  return first === undefined || last === undefined || first > last ? undefined : { first, last };
}

export function formatIpv4Prefix(prefix: Ipv4Prefix): string {
  return `${formatIpv4(prefix.address)}/${prefix.length}`;
}

export function prefixContains(prefix: Ipv4Prefix, address: Ipv4): boolean {
  return (address & netmask(prefix.length)) >>> 0 === prefix.address;
}

/** The last address of a prefix: for a subnet, its broadcast address. */
export function lastAddress(prefix: Ipv4Prefix): Ipv4 {
  return (prefix.address | (~netmask(prefix.length) >>> 0)) >>> 0;
}
