/** Values as Kea writes them: addresses, pools and identifiers, each in one form however the operator wrote it. */
import { formatHex } from "../../base/hex.ts";
import { formatIpv4, type Ipv4, parseIpv4 } from "../../ip/ipv4.ts";
import { formatIpv6Key, type Ipv6Key, isPrefixAddress, parseIpv6Key } from "../../ip/ipv6-key.ts";
import { dividePrefix } from "../../ip/ipv6-range.ts";
import { parseBytes } from "../../wire/byte-types.ts";
import { type AddressText, ipv4Text, ipv6Text } from "../check/address-text.ts";
import { canonicalIdentifier } from "../host-identifier.ts";
import type { KeaForm, KeaMap } from "./kea-form.ts";

/** What cannot be read stays as it is. */
export function keaAddress(text: string): string {
  const ipv4 = parseIpv4(text);
  if (ipv4 !== undefined) return formatIpv4(ipv4);
  const ipv6 = parseIpv6Key(text);
  return ipv6 === undefined ? text : formatIpv6Key(ipv6);
}

/** A prefix; bits beyond its length stay. */
export function keaPrefix(text: string): string {
  const slash = text.indexOf("/");
  return slash < 0 ? keaAddress(text) : keaAddress(text.slice(0, slash)) + text.slice(slash);
}

/** `1a:1b`, as Kea writes hardware addresses and DUIDs. */
export function keaOctets(text: string): string {
  return canonicalIdentifier(text) ?? text;
}

/** `1A1B`, as Kea writes all other bytes. */
export function keaHex(text: string): string {
  const bytes = parseBytes(text);
  return bytes === undefined ? text : formatHex(bytes, "").toUpperCase();
}

/** A pool: as a prefix where it is one. */
function poolForm<Address extends number | string>(
  family: AddressText<Address>,
  lengthOf: (first: Address, last: Address) => number | undefined,
): KeaForm<string> {
  return {
    format(text) {
      const range = family.parseRange(text);
      if (range === undefined) return text;
      const { first, last } = range;
      const length = lengthOf(first, last);
      return `${family.format(first)}${length === undefined ? `-${family.format(last)}` : `/${length}`}`;
    },
  };
}

export const keaPool4 = poolForm<Ipv4>(ipv4Text, (first, last) => {
  const bits = Math.log2(last - first + 1);
  return Number.isInteger(bits) && first % 2 ** bits === 0 ? 32 - bits : undefined;
});

export const keaPool6 = poolForm<Ipv6Key>(ipv6Text, (first, last) => {
  const length = commonBits(first, last);
  return isPrefixAddress(first, length) && dividePrefix(first, length, 128).last === last ? length : undefined;
});

function commonBits(one: Ipv6Key, other: Ipv6Key): number {
  for (let i = 0; i < one.length; i++) {
    const different = one.charCodeAt(i) ^ other.charCodeAt(i);
    if (different !== 0) return 8 * i + Math.clz32(different) - 24;
  }
  return 128;
}

/** What pools are sorted by. */
export function startOfPool4({ pool }: KeaMap): number {
  return ipv4Text.parseRange(pool as string)?.first ?? 0;
}

export function startOfPool6({ pool }: KeaMap): string {
  return ipv6Text.parseRange(pool as string)?.first ?? "";
}
