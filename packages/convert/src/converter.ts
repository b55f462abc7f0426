/** What `dhcp4d convert` and `dhcp6d convert` load. */
import { readdirSync, readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import type { Conversion, Converter } from "@kotare/core/daemon/offline/converter";
import { resolveNames } from "./dhcpd/host-names.ts";
import { parseFile } from "./dhcpd/parse-clauses.ts";
import { convertDnsmasq } from "./dnsmasq/convert-dnsmasq.ts";
import type { OwnAddress } from "./dnsmasq/ranges.ts";
import { formatFinding } from "./ledger.ts";
import { translate } from "./translate/translate.ts";

const files = {
  read: (path: string) => readFileSync(path, "latin1"),
  list: (path: string) => readdirSync(path),
};

export function converter(family: 4 | 6): Converter {
  return {
    async convert(server, file): Promise<Conversion> {
      if (server === "dnsmasq") return { ...convertDnsmasq(file, family, files, ownAddresses()), ddns: undefined };
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

/** Those that others can send to. */
function ownAddresses(): OwnAddress[] {
  return Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses
      .filter(({ internal, address }) => !internal && !/^fe80:/i.test(address))
      .map(({ address, cidr }) => ({ interface: name, address, length: Number(cidr?.split("/")[1]) })),
  );
}
