/** Values of RADIUS attributes: texts to bytes, and bytes of answers to texts (RFC 2865 §5, RFC 3162 §2). */
import { writeU32 } from "../../base/big-endian.ts";
import { formatIpv4, parseIpv4 } from "../../ip/ipv4.ts";
import { formatIpv6, formatIpv6Prefix, maskIpv6, parseIpv6, parseIpv6Prefix } from "../../ip/ipv6.ts";
import type { DictionaryEntry } from "./radius-dictionary.ts";
import { LONGEST_VALUE } from "./radius-packet.ts";

/** @returns `undefined` where it is no value of the attribute */
export function encodeValue(text: string, { form, values }: Pick<DictionaryEntry, "form" | "values">) {
  switch (form) {
    case "string": {
      const bytes = Buffer.from(text);
      return bytes.length === 0 || bytes.length > LONGEST_VALUE ? undefined : bytes;
    }
    case "integer": {
      const number = values.get(text) ?? (/^-?\d+$/.test(text) ? Number(text) : Number.NaN);
      // As in Kea -1 is the greatest.
      return Math.abs(number) <= 0xffff_ffff ? encodeInteger(number) : undefined;
    }
    case "ipaddr": {
      const address = parseIpv4(text);
      return address === undefined ? undefined : encodeInteger(address);
    }
    case "ipv6addr":
      return parseIpv6(text);
    case "ipv6prefix": {
      const prefix = parseIpv6Prefix(text);
      return prefix === undefined ? undefined : Uint8Array.of(0, prefix.length, ...prefix.address);
    }
  }
}

export function encodeInteger(number: number): Uint8Array {
  const bytes = new Uint8Array(4);
  writeU32(bytes, 0, number);
  return bytes;
}

/** @returns `undefined` where it is no address that a client could have: RFC 2865 §5.8 has two that are none */
export function decodeIpv4(value: Uint8Array): string | undefined {
  if (value.length !== 4) return undefined;
  const address = ((value[0]! << 24) | (value[1]! << 16) | (value[2]! << 8) | value[3]!) >>> 0;
  return address === 0 || address >= 0xffff_fffe ? undefined : formatIpv4(address);
}

export function decodeIpv6(value: Uint8Array): string | undefined {
  return value.length === 16 ? formatIpv6(value) : undefined;
}

/** Bytes of the prefix that are all zero may be missing. */
export function decodeIpv6Prefix(value: Uint8Array): string | undefined {
  const length = value[1] ?? 0;
  if (value.length < 2 || value.length > 18 || length === 0 || length > 128) return undefined;
  const address = new Uint8Array(16);
  address.set(value.subarray(2));
  return formatIpv6Prefix({ address: maskIpv6(address, length), length });
}
