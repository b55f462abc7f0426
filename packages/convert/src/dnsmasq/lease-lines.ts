/** Lines of dnsmasq's file of leases: those of DHCPv4, the server's DUID, and those of DHCPv6. */
import { readFileSync } from "node:fs";
import type { ReadReports } from "@kotare/core/daemon/offline/converter";
import { expiryOf, INFINITE_LIFETIME, type Lease, LeaseState } from "@kotare/core/leases/model/lease";

/** The file says when a lease ends, and not how long it is: dnsmasq's own times unless it is told others. */
const LIFETIME = { 4: 3600, 6: 86_400 } as const;

export interface LeaseLine {
  readonly words: readonly string[];
  /** For messages. */
  readonly place: string;
}

/** @param tellDuid is given the server's */
export function* leaseLines(
  file: string,
  family: 4 | 6,
  reports: ReadReports,
  tellDuid: (text: string) => void,
): Generator<LeaseLine> {
  const lines = readFileSync(file, "latin1").split("\n");
  let current: 4 | 6 = 4;
  for (const [i, line] of lines.entries()) {
    const words = line.trim().split(" ");
    if (words[0] === "duid") {
      current = 6;
      tellDuid(words[1] ?? "");
    } else if (line.trim() !== "" && current === family) yield { words, place: `${file}:${i + 1}` };
    reports.progress(i + 1, lines.length);
  }
}

/** What leases of both families have; `undefined` for a line that has none. */
export function commonPart(end: string, name: string, family: 4 | 6): Omit<Lease, "address"> | undefined {
  if (!/^\d+$/.test(end)) return undefined;
  const isEndless = end === "0";
  return {
    validLifetime: isEndless ? INFINITE_LIFETIME : LIFETIME[family],
    cltt: isEndless ? 0 : Math.max(0, Number(end) - LIFETIME[family]),
    subnetId: 0,
    poolId: 0,
    state: LeaseState.assigned,
    fqdnFwd: false,
    fqdnRev: false,
    hostname: name === "*" ? "" : name.toLowerCase(),
    userContext: "",
  };
}

/** Others are not in the file: dnsmasq knows of leases only while they last. */
export function isKept({ state }: Lease): boolean {
  return state === LeaseState.assigned;
}

/** As the file has it: 0 for never, and a name without its domain. */
export function endAndName(lease: Lease): { readonly end: string; readonly name: string } {
  const isEndless = lease.validLifetime === INFINITE_LIFETIME;
  return { end: isEndless ? "0" : String(expiryOf(lease)), name: lease.hostname.split(".")[0] || "*" };
}
