/** Linux capabilities that a DHCP server cannot do without, and what to do when one is missing. */
import { readFileSync } from "node:fs";

/** Bit numbers of capabilities(7). */
const bits = { CAP_NET_BIND_SERVICE: 10, CAP_NET_ADMIN: 12, CAP_NET_RAW: 13 } as const;
export type Capability = keyof typeof bits;

/** @param status the text of `/proc/self/status`; where there is none (another system) nothing is missing */
export function missingCapabilities(
  needed: readonly Capability[],
  status: string = readStatus(),
): readonly Capability[] {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  if (effective === undefined) return [];
  // All bits are in the lower 32, which a number can hold.
  const mask = Number.parseInt(effective.slice(-8), 16);
  return needed.filter((capability) => (mask & (1 << bits[capability])) === 0);
}

/** One sentence for the log line of a socket that could not be opened. */
export function capabilityAdvice(missing: readonly Capability[]): string {
  const names = missing.join(" and ");
  return (
    `the process lacks ${names}: under systemd set AmbientCapabilities=${missing.join(" ")}, ` +
    `otherwise run: setcap '${missing.join(",").toLowerCase()}=ep' ${process.execPath}`
  );
}

function readStatus(): string {
  try {
    return readFileSync("/proc/self/status", "utf8");
  } catch {
    return "";
  }
}
