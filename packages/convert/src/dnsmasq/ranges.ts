/** `dhcp-range`: a subnet, perhaps with a pool. */
import { formatIpv4, netmask, parseIpv4 } from "@kotare/core/ip/ipv4";
import { formatNumber, parseNumber, type Range, rangeOfPrefix } from "../translate/address-ranges.ts";
import { Lost, parseTime } from "./lines.ts";

export interface DnsmasqRange {
  /** As Kea writes it. */
  readonly subnet: string;
  readonly addresses: Range;
  readonly pool: string | undefined;
  readonly seconds: number | undefined;
  /** Clients of the range have them. */
  readonly tags: readonly string[];
  /** Clients without them get nothing of it. */
  readonly wanted: readonly string[];
  /** Whether dnsmasq sends router advertisements, too. */
  readonly isAdvertised: boolean;
}

/** Of the machine that converts, if it is the one that serves. */
export interface OwnAddress {
  readonly interface: string;
  readonly address: string;
  /** Bits of its network. */
  readonly length: number;
}

const MODES = /^(static|proxy|off-link|slaac|ra-(only|names|stateless|advrouter))$/;

/** @returns `undefined` for a range of the other family */
export function readRange(
  parts: readonly string[],
  family: 4 | 6,
  addresses: readonly OwnAddress[],
): DnsmasqRange | undefined {
  const words = parts.filter((part) => part !== "");
  const tags = words.flatMap((word) => /^set:(.*)/.exec(word)?.[1] ?? []);
  const wanted = words.flatMap((word) => /^(?:tag|net):(.*)/.exec(word)?.[1] ?? []);
  const rest = words.filter((word) => !/^(set|tag|net|interface):/.test(word));
  // Of old: a name before the addresses.
  if (rest[0] !== undefined && !/[.:]/.test(rest[0])) tags.push(rest.shift()!);
  const isOther = rest[0]?.includes(":") !== (family === 6);
  if (isOther) return undefined;
  const modes = rest.filter((word) => MODES.test(word));
  if (modes.includes("proxy")) throw new Lost("is for a proxy of PXE, which Kea is not: leave it with dnsmasq");
  const values = rest.filter((word) => !MODES.test(word));
  const places = values.filter((word) => /^[\d.]+$|:/.test(word) && parseNumber(word, family) !== undefined);
  const numbers = values.filter((word) => /^(\d+[mhdw]?|infinite)$/.test(word));
  const network = family === 4 ? networkOf4(places, addresses) : networkOf6(values, places, numbers, addresses);
  const isStatic = modes.some((mode) => /^(static|ra-stateless|ra-only)$/.test(mode));
  const hasPool = !isStatic && (network.last > network.first || modes.length === 0);
  return {
    subnet: `${formatNumber(network.range.first, family)}/${network.length}`,
    addresses: network.range,
    pool: hasPool ? [network.first, network.last].map((each) => formatNumber(each, family)).join(" - ") : undefined,
    seconds: parseTime(numbers.at(-1) ?? ""),
    tags,
    wanted,
    isAdvertised: modes.some((mode) => mode === "slaac" || mode.startsWith("ra-")),
  };
}

interface Network extends Range {
  readonly range: Range;
  readonly length: number;
}

function networkOf4([first, second, third]: readonly string[], addresses: readonly OwnAddress[]): Network {
  const low = parseIpv4(first ?? "");
  if (low === undefined) throw new Lost("is no range of IPv4 addresses: write its subnet by hand");
  const isMask = (word: string | undefined) => word !== undefined && /^255\./.test(word);
  const mask = [third, second].find(isMask);
  const bits = mask === undefined ? undefined : parseIpv4(mask)!;
  const own = addresses.find(({ address, length }) => isIn(first!, address, length, 4));
  // As dnsmasq: the network of the interface, or else what the address says.
  const length = bits === undefined ? (own?.length ?? classOf(low)) : Math.clz32(~bits >>> 0);
  if (bits !== undefined && netmask(length) !== bits) throw new Lost("has no netmask: write its subnet by hand");
  const high = second === undefined || isMask(second) ? low : parseIpv4(second)!;
  return { range: rangeOfPrefix(BigInt(low), length, 4), length, first: BigInt(low), last: BigInt(high) };
}

/** What people's networks have: RFC 1918's are cut into parts of 256. */
function classOf(address: number): number {
  return /^(10|172|192)\./.test(formatIpv4(address)) || address >>> 29 === 6 ? 24 : 16;
}

/** @param numbers the length of the prefix, if it is there, and the time; the length is taken out */
function networkOf6(
  values: readonly string[],
  [first = "", second = first]: readonly string[],
  numbers: string[],
  addresses: readonly OwnAddress[],
): Network {
  const length = /^\d+$/.test(numbers[0] ?? "") && Number(numbers[0]) <= 128 ? Number(numbers.shift()) : 64;
  const place = values.find((value) => value.startsWith("constructor:"))?.slice("constructor:".length);
  const [low, high] = [parseNumber(first, 6), parseNumber(second, 6)];
  if (low === undefined || high === undefined)
    throw new Lost("is no range of IPv6 addresses: write its subnet by hand");
  if (place === undefined) return { range: rangeOfPrefix(low, length, 6), length, first: low, last: high };
  const name = place.replace(/\*$/, "");
  const own = addresses.find(
    (each) =>
      each.address.includes(":") && (place.endsWith("*") ? each.interface.startsWith(name) : each.interface === name),
  );
  if (own === undefined) {
    throw new Lost(`takes the network of ${place}, which is not known here: convert on the machine that serves`);
  }
  const range = rangeOfPrefix(parseNumber(own.address, 6)!, length, 6);
  return { range, length, first: range.first + low, last: range.first + high };
}

export function isIn(address: string, network: string, length: number, family: 4 | 6): boolean {
  const [number, of] = [parseNumber(address, family), parseNumber(network, family)];
  if (number === undefined || of === undefined) return false;
  const { first, last } = rangeOfPrefix(of, length, family);
  return first <= number && number <= last;
}
