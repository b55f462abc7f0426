/** Leases of DHCPv4 in dnsmasq's file: `end MAC address name client-id`, a line each. */
import { readFileSync } from "node:fs";
import { parseHex } from "@kotare/core/base/hex";
import type { ForeignLease } from "@kotare/core/daemon/offline/converter";
import { parseIpv4 } from "@kotare/core/ip/ipv4";
import { INFINITE_LIFETIME, LeaseState } from "@kotare/core/leases/model/lease";
import type { Lease4 } from "@kotare/core/leases/model/lease4";

/** The file says when a lease ends, and not how long it is: dnsmasq's own time unless it is told another. */
const LIFETIME = 3600;

export function* readDnsmasqLeases(file: string, tell: (what: string) => void): Generator<ForeignLease<Lease4>> {
  for (const [i, line] of readFileSync(file, "latin1").split("\n").entries()) {
    if (line.trim() === "") continue;
    // Those of DHCPv6 follow.
    if (line.startsWith("duid ")) return;
    const [end = "", mac = "", text = "", name = "*", id = "*"] = line.trim().split(" ");
    const address = parseIpv4(text);
    const hwaddr = parseHex(mac.replace(/^\d\d-/, ""));
    if (address === undefined || hwaddr === undefined || !/^\d+$/.test(end)) {
      tell(`${file}:${i + 1}: is no lease`);
      continue;
    }
    const isEndless = end === "0";
    const lease: Lease4 = {
      address,
      hwaddr,
      clientId: id === "*" ? undefined : parseHex(id),
      validLifetime: isEndless ? INFINITE_LIFETIME : LIFETIME,
      cltt: isEndless ? 0 : Math.max(0, Number(end) - LIFETIME),
      subnetId: 0,
      poolId: 0,
      state: LeaseState.assigned,
      fqdnFwd: false,
      fqdnRev: false,
      hostname: name === "*" ? "" : name.toLowerCase(),
      userContext: "",
    };
    yield { lease, isSomebodys: true };
  }
}
