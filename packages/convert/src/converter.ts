/** What `dhcp4d convert` and `dhcp6d convert` load. */
import { readFileSync } from "node:fs";
import type { Conversion, Converter } from "@kotare/core/daemon/offline/converter";
import { resolveNames } from "./dhcpd/host-names.ts";
import { parseFile } from "./dhcpd/parse-clauses.ts";
import { convertDnsmasq } from "./dnsmasq/convert-dnsmasq.ts";
import { formatFinding } from "./ledger.ts";
import { translate } from "./translate/translate.ts";

const files = { read: (path: string) => readFileSync(path, "latin1") };

export function converter(family: 4 | 6): Converter {
  return {
    async convert(server, file): Promise<Conversion> {
      if (server === "dnsmasq" && family === 6) {
        throw new Error("of dnsmasq's configuration only DHCPv4 is read: write that of DHCPv6 by hand");
      }
      if (server === "dnsmasq") return { ...convertDnsmasq(files.read(file), file), ddns: undefined };
      const clauses = parseFile(file, files);
      const { config, ddns, findings } = translate(clauses, family, await resolveNames(clauses));
      return {
        config,
        ddns,
        findings: findings.map(formatFinding),
        losses: findings.filter(({ kind }) => kind === "lost").length,
      };
    },
  };
}
