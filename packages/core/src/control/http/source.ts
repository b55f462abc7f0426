/** Where a connection comes from, as far as one who makes many of them cannot choose. */
import { formatIpv6Key, maskIpv6Key, parseIpv6Key } from "../../ip/ipv6-key.ts";

/** An IPv4 address, or the /64 of an IPv6 address: whoever has one address of it has all. */
export function sourceOf(address: string): string {
  const ipv4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (ipv4 !== undefined) return ipv4;
  const ipv6 = parseIpv6Key(address.replace(/%.*/, ""));
  return ipv6 === undefined ? address : formatIpv6Key(maskIpv6Key(ipv6, 64));
}
