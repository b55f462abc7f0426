/** Lines of dnsmasq's configuration. */
import { formatIpv4, netmask, parseIpv4 } from "@kotare/core/ip/ipv4";

export interface DnsmasqLine {
  /** From 1. */
  readonly number: number;
  readonly key: string;
  /** Behind the `=`, as it stands. */
  readonly value: string;
}

/** Without comments and empty lines. */
export function readLines(text: string): DnsmasqLine[] {
  return text.split("\n").flatMap((line, i) => {
    const [, key, value = ""] = /^\s*([a-z0-9-]+)\s*(?:=\s*(.*?))?\s*(?:#.*)?$/i.exec(line) ?? [];
    return key === undefined || line.trim().startsWith("#") ? [] : [{ number: i + 1, key, value }];
  });
}

/** `45m`, `12h`, `2d`, `1w`, `infinite`, or seconds. @returns `undefined` for none of them */
export function parseTime(text: string): number | undefined {
  if (text === "infinite") return 0xffff_ffff;
  const [, number, unit] = /^(\d+)([mhdw]?)$/.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) * UNITS[unit as keyof typeof UNITS];
}

const UNITS = { "": 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;

/** The subnet that a range is of, by its mask; people's home networks have a /24. */
export function subnetOf(address: string, mask = "255.255.255.0"): string | undefined {
  const [number, bits] = [parseIpv4(address), parseIpv4(mask)];
  if (number === undefined || bits === undefined) return undefined;
  const length = Math.clz32(~bits >>> 0);
  return netmask(length) === bits ? `${formatIpv4((number & bits) >>> 0)}/${length}` : undefined;
}
