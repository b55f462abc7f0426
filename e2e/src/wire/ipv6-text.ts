/** IPv6 addresses as text and bytes (RFC 4291 §2.2, RFC 5952), apart from the product's own. */

/** @param text with or without `::`, without an embedded IPv4 address */
export function ipv6Bytes(text: string): Uint8Array {
  const [head = "", tail] = text.split("::");
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const gap = tail === undefined ? 0 : 8 - before.length - after.length;
  return Uint8Array.from(
    [...before, ...new Array<number>(gap).fill(0), ...after].flatMap((group) => [group >> 8, group & 255]),
  );
}

function groups(text: string): number[] {
  return text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
}

export function formatIpv6(bytes: Uint8Array): string {
  const text = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i]! << 8) | bytes[2 * i + 1]!).toString(16)).join(":");
  return new URL(`http://[${text}]/`).hostname.slice(1, -1);
}

/** The address that an interface with this MAC address gives itself (RFC 4291 appendix A). */
export function linkLocal(mac: string): string {
  const [a, b, c, d, e, f] = mac.split(":").map((byte) => Number.parseInt(byte, 16));
  return formatIpv6(Uint8Array.of(0xfe, 0x80, 0, 0, 0, 0, 0, 0, a! ^ 2, b!, c!, 0xff, 0xfe, d!, e!, f!));
}
