/** Why packets were dropped, as the log of a test server has it. */

/** In order; `malformed` for those that could not be decoded. */
export function toldDrops4(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    if (line.startsWith("DHCP4_PACKET_DROP_0001 ")) return ["malformed"];
    if (line.startsWith("DHCP4_PACKET_DROP_0007 ")) return [`bug: ${line}`];
    return /^DHCP4_PACKET_DROP .* dropped, ([a-z\d-]+):/.exec(line)?.slice(1) ?? [];
  });
}
