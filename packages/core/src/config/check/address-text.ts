/** How the operator writes addresses, prefixes and pools of a family: what the checks of both need to know. */
import {
  formatIpv4,
  type Ipv4,
  LIMITED_BROADCAST,
  lastAddress,
  parseIpv4,
  parseIpv4Prefix,
  parseIpv4Range,
} from "../../ip/ipv4.ts";
import { parseIpv6Prefix } from "../../ip/ipv6.ts";
import { formatIpv6Key, type Ipv6Key, isMulticast, parseIpv6Key, readIpv6Key, UNSPECIFIED } from "../../ip/ipv6-key.ts";
import { dividePrefix, memberAt, parseIpv6Range } from "../../ip/ipv6-range.ts";

/** Addresses from `first` to `last`, both included. */
export interface Span<Address> {
  readonly first: Address;
  readonly last: Address;
}

export interface PrefixSpan<Address> extends Span<Address> {
  readonly length: number;
}

/** `<` sorts addresses of either family. */
export interface AddressText<Address extends number | string> {
  readonly kind: "IPv4" | "IPv6";
  /** Bits of an address. */
  readonly bits: number;
  readonly examples: { readonly address: string; readonly prefix: string };
  parse(text: string): Address | undefined;
  format(address: Address): string;
  /** The same for the same prefix only. */
  keyOf(prefix: PrefixSpan<Address>): number | string;
  /** Bits beyond the length do not count. */
  parsePrefix(text: string): PrefixSpan<Address> | undefined;
  parseRange(text: string): Span<Address> | undefined;
  /** Whether a client can have it. */
  isUsable(address: Address): boolean;
  /** An address a little behind the first one, where pools like to begin. */
  poolStart(prefix: PrefixSpan<Address>): Address;
}

export const ipv4Text: AddressText<Ipv4> = {
  kind: "IPv4",
  bits: 32,
  examples: { address: "192.0.2.1", prefix: "192.0.2.0/24" },
  parse: parseIpv4,
  format: formatIpv4,
  keyOf: ({ first, length }) => first * 64 + length,
  parsePrefix(text) {
    const prefix = parseIpv4Prefix(text);
    return prefix && { first: prefix.address, last: lastAddress(prefix), length: prefix.length };
  },
  parseRange: parseIpv4Range,
  isUsable: (address) => address !== 0 && address !== LIMITED_BROADCAST,
  poolStart: ({ first, last }) => Math.min(first + 10, last),
};

export const ipv6Text: AddressText<Ipv6Key> = {
  kind: "IPv6",
  bits: 128,
  examples: { address: "2001:db8::1", prefix: "2001:db8::/64" },
  parse: parseIpv6Key,
  format: formatIpv6Key,
  keyOf: ({ first, length }) => `${first}/${length}`,
  parsePrefix(text) {
    const prefix = parseIpv6Prefix(text);
    return prefix && spanIpv6(readIpv6Key(prefix.address), prefix.length);
  },
  parseRange: parseIpv6Range,
  isUsable: (address) => address !== UNSPECIFIED && !isMulticast(address),
  poolStart({ first, length }) {
    const all = dividePrefix(first, length, 128);
    return memberAt(all, Math.min(16, all.size - 1));
  },
};

/** The addresses of a prefix. */
export function spanIpv6(address: Ipv6Key, length: number): PrefixSpan<Ipv6Key> {
  const { first, last } = dividePrefix(address, length, 128);
  return { first, last, length };
}

/** One for all spellings of a prefix; of what is none its text. */
export function prefixKey<Address extends number | string>(
  family: AddressText<Address>,
  text: string,
): number | string {
  const prefix = family.parsePrefix(text);
  return prefix === undefined ? text : family.keyOf(prefix);
}

export function formatPrefix<Address extends number | string>(
  family: AddressText<Address>,
  { first, length }: PrefixSpan<Address>,
): string {
  return `${family.format(first)}/${length}`;
}

export function contains<Address extends number | string>({ first, last }: Span<Address>, address: Address): boolean {
  return first <= address && address <= last;
}
