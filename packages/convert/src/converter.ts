/** What `dhcp4d convert` and `dhcp6d convert` load. */
import { readFileSync } from "node:fs";
import type { Conversion, Converter } from "@kotare/core/daemon/offline/converter";
import { resolveNames } from "./dhcpd/host-names.ts";
import { parseFile } from "./dhcpd/parse-clauses.ts";
import { formatFinding } from "./ledger.ts";
import { translate } from "./translate/translate.ts";

const files = { read: (path: string) => readFileSync(path, "latin1") };

export function converter(family: 4 | 6): Converter {
  return {
    async convert(server, file): Promise<Conversion> {
      if (server === "dnsmasq") throw new Error("configurations of dnsmasq cannot be read yet");
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
