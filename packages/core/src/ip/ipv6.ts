/** IPv6 addresses are arrays of 16 bytes in network order. */

export type Ipv6 = Uint8Array;

export interface Ipv6Prefix {
  /** 16 bytes; bits beyond `length` are zero. */
  readonly address: Ipv6;
  readonly length: number;
}

/** RFC 4291 §2.2 text, the forms with `::` and with an IPv4 tail included; no zone, no leading `0x`. */
export function parseIpv6(text: string): Ipv6 | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const head = parseGroups(halves[0]!, halves.length === 1);
  const tail = halves.length === 2 ? parseGroups(halves[1]!, true) : [];
  if (head === undefined || tail === undefined) return undefined;
  const gap = 16 - head.length - tail.length;
  // `::` stands for at least one group; without it the groups must fill the address.
  if (halves.length === 2 ? gap < 2 : gap !== 0) return undefined;
  const address = new Uint8Array(16);
  address.set(head);
  address.set(tail, 16 - tail.length);
  return address;
}

/** Bytes of `1:2:3`, which may end in dotted decimal when it is the end of the address. */
function parseGroups(text: string, atEnd: boolean): number[] | undefined {
  if (text === "") return [];
  const bytes: number[] = [];
  const groups = text.split(":");
  for (const [i, group] of groups.entries()) {
    if (atEnd && i === groups.length - 1 && group.includes(".")) {
      const quad = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(group)?.slice(1);
      if (quad === undefined || quad.some((part) => Number(part) > 255 || (part.length > 1 && part.startsWith("0")))) {
        return undefined;
      }
      bytes.push(...quad.map(Number));
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return undefined;
      const value = Number.parseInt(group, 16);
      bytes.push(value >> 8, value & 255);
    }
  }
  return bytes;
}

/** Looking them up takes a fraction of the time that making them takes. */
const BYTES: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16));
const PADDED_BYTES: readonly string[] = BYTES.map((text) => text.padStart(2, "0"));

/** RFC 5952 §4: lower case, no leading zeros, the longest run of two or more zero groups as `::`; §5: IPv4-mapped. */
export function formatIpv6(address: Ipv6): string {
  let start = -1;
  let longest = 1;
  for (let i = 0, run = 0; i < 8; i++) {
    run = address[2 * i] === 0 && address[2 * i + 1] === 0 ? run + 1 : 0;
    if (run > longest) {
      longest = run;
      start = i - run + 1;
    }
  }
  if (start === 0 && longest === 5 && address[10] === 0xff && address[11] === 0xff) {
    return `::ffff:${address.subarray(12).join(".")}`;
  }
  let text = "";
  for (let i = 0; i < 8; i++) {
    if (i === start) {
      text += "::";
      i += longest - 1;
      continue;
    }
    const [high, low] = [address[2 * i]!, address[2 * i + 1]!];
    const separator = i === 0 || i === start + longest ? "" : ":";
    text += separator + (high === 0 ? "" : BYTES[high]) + (high === 0 ? BYTES[low] : PADDED_BYTES[low]);
  }
  return text;
}

/** `2001:db8::/32`; bits beyond the length are cleared. */
export function parseIpv6Prefix(text: string): Ipv6Prefix | undefined {
  const parts = /^(.*?)\s*\/\s*(\d{1,3})$/.exec(text);
  if (parts === null) return undefined;
  const address = parseIpv6(parts[1]!);
  const length = Number(parts[2]);
  if (address === undefined || length > 128) return undefined;
  return { address: maskIpv6(address, length), length };
}

export function formatIpv6Prefix(prefix: Ipv6Prefix): string {
  return `${formatIpv6(prefix.address)}/${prefix.length}`;
}

/** A copy with the bits beyond `length` cleared. */
export function maskIpv6(address: Ipv6, length: number): Ipv6 {
  return address.map((byte, i) => byte & (0xff00 >> Math.min(Math.max(length - 8 * i, 0), 8)) & 0xff);
}
