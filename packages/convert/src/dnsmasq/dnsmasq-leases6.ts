/** Leases of DHCPv6 in dnsmasq's file: `end IAID address name DUID`, a line each, behind the server's own DUID. */
import { formatHex, parseHex } from "@kotare/core/base/hex";
import type { ForeignLease, ReadReports } from "@kotare/core/daemon/offline/converter";
import { formatIpv6Key, parseIpv6Key } from "@kotare/core/ip/ipv6-key";
import { HwaddrSource, type Lease6, LeaseType6 } from "@kotare/core/leases/model/lease6";
import { tellServerDuid } from "../leases/server-duid.ts";
import { commonPart, endAndName, isKept, leaseLines } from "./lease-lines.ts";

export function* readDnsmasqLeases6(file: string, reports: ReadReports): Generator<ForeignLease<Lease6>> {
  const tellDuid = (text: string) => tellServerDuid(parseHex(text) ?? new Uint8Array(), reports);
  for (const { words, place } of leaseLines(file, 6, reports, tellDuid)) {
    const [end = "", iaid = "", text = "", name = "*", id = ""] = words;
    const address = parseIpv6Key(text);
    const duid = parseHex(id);
    const common = commonPart(end, name, 6);
    if (address === undefined || duid === undefined || common === undefined || !/^T?\d+$/.test(iaid)) {
      reports.remark(`${place}: is no lease`);
      continue;
    }
    if (iaid.startsWith("T")) {
      reports.remark(`${place}: a temporary address is left out: clients make new ones`);
      continue;
    }
    const lease: Lease6 = {
      ...common,
      type: LeaseType6.address,
      address,
      prefixLength: 128,
      duid,
      iaid: Number(iaid),
      preferredLifetime: common.validLifetime,
      hwaddr: new Uint8Array(),
      hwtype: 0,
      hwaddrSource: HwaddrSource.unknown,
    };
    yield { lease, isSomebodys: true };
  }
}

export async function* writeDnsmasqLeases6(
  pages: AsyncIterable<readonly Lease6[]>,
  duid: Uint8Array | undefined,
): AsyncGenerator<string> {
  if (duid !== undefined) yield `duid ${formatHex(duid)}\n`;
  for await (const leases of pages) {
    for (const lease of leases.filter(isKept)) {
      if (lease.type !== LeaseType6.address) continue;
      const { end, name } = endAndName(lease);
      yield `${end} ${lease.iaid} ${formatIpv6Key(lease.address)} ${name} ${formatHex(lease.duid)}\n`;
    }
  }
}
