/** The names under which addresses stand in the DNS. */
import { formatHex } from "@kotare/core/base/hex";
import { parseIpv6 } from "@kotare/core/ip/ipv6";

/** RFC 1035 §3.5, RFC 3596 §2.5. @param address as `NameChangeRequest` has it */
export function reverseName(address: string): string {
  const bytes = parseIpv6(address);
  if (bytes === undefined) return `${address.split(".").reverse().join(".")}.in-addr.arpa.`;
  return `${[...formatHex(bytes, "")].reverse().join(".")}.ip6.arpa.`;
}
