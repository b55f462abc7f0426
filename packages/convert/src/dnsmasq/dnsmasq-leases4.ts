/** Leases of DHCPv4 in dnsmasq's file: `end MAC address name client-id`, a line each. */
import { formatHex, parseHex } from "@kotare/core/base/hex";
import type { ForeignLease, ReadReports } from "@kotare/core/daemon/offline/converter";
import { formatIpv4, parseIpv4 } from "@kotare/core/ip/ipv4";
import type { Lease4 } from "@kotare/core/leases/model/lease4";
import { commonPart, endAndName, isKept, leaseLines } from "./lease-lines.ts";

export function* readDnsmasqLeases4(file: string, reports: ReadReports): Generator<ForeignLease<Lease4>> {
  for (const { words, place } of leaseLines(file, 4, reports, () => {})) {
    const [end = "", mac = "", text = "", name = "*", id = "*"] = words;
    const address = parseIpv4(text);
    const hwaddr = parseHex(mac.replace(/^\d\d-/, ""));
    const common = commonPart(end, name, 4);
    if (address === undefined || hwaddr === undefined || common === undefined) {
      reports.remark(`${place}: is no lease`);
      continue;
    }
    const lease: Lease4 = { ...common, address, hwaddr, clientId: id === "*" ? undefined : parseHex(id) };
    yield { lease, isSomebodys: true };
  }
}

export async function* writeDnsmasqLeases4(pages: AsyncIterable<readonly Lease4[]>): AsyncGenerator<string> {
  for await (const leases of pages) {
    for (const lease of leases.filter(isKept)) {
      const { end, name } = endAndName(lease);
      const id = lease.clientId === undefined ? "*" : formatHex(lease.clientId);
      yield `${end} ${formatHex(lease.hwaddr)} ${formatIpv4(lease.address)} ${name} ${id}\n`;
    }
  }
}
