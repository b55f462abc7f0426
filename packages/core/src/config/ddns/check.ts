/** What no schema can say about the DNS updater's configuration: whether its parts fit together. Every fault at once. */
import { parseIpv4 } from "../../ip/ipv4.ts";
import { parseIpv6 } from "../../ip/ipv6.ts";
import { parseLabels } from "../../wire/domain-name.ts";
import { TextError } from "../../wire/text-fields.ts";
import { checkControlSockets } from "../check/check-control-sockets.ts";
import { checkLoggers } from "../check/check-loggers.ts";
import type { Report } from "../check/report.ts";
import { UnsupportedFinder } from "../check/unsupported.ts";
import type { DdnsDomainConfig, DhcpDdnsConfig } from "../dhcp-ddns-config.ts";
import type { ConfigFault, Pointer } from "../fault.ts";
import { checkTsigKeys } from "./check-tsig-keys.ts";
import { nameKey } from "./name-key.ts";

/** Pointers begin with `DhcpDdns`, as in the file. */
export function checkDhcpDdns(config: DhcpDdnsConfig): readonly ConfigFault[] {
  const root: Pointer = ["DhcpDdns"];
  const finder = new UnsupportedFinder();
  const { faults } = finder;
  finder.visitDaemon(config, root);
  const report = (fault: ConfigFault) => void faults.push(fault);
  checkAddress(config["ip-address"], [...root, "ip-address"], report);
  if (config["ncr-protocol"] === "TCP") {
    const fix = 'write "UDP": it is what DHCP servers send';
    report({ pointer: [...root, "ncr-protocol"], value: "TCP", message: "is not supported", fix, severity: "error" });
  }
  const keys = checkTsigKeys(config["tsig-keys"], [...root, "tsig-keys"], report);
  for (const list of ["forward-ddns", "reverse-ddns"] as const) {
    checkDomains(config[list]["ddns-domains"], keys, [...root, list, "ddns-domains"], report);
  }
  checkControlSockets(config, root, report);
  config["hooks-libraries"].forEach(({ library }, i) => {
    const pointer = [...root, "hooks-libraries", i, "library"];
    const message = "is a hook that is not supported yet";
    report({ pointer, value: library, message, fix: "remove the entry", severity: "error" });
  });
  checkLoggers(config.loggers, "dhcp-ddns", [...root, "loggers"], report);
  return faults;
}

function checkDomains(
  domains: readonly DdnsDomainConfig[],
  keys: ReadonlySet<string>,
  root: Pointer,
  report: Report,
): void {
  const seen = new Set<string>();
  domains.forEach((domain, i) => {
    const pointer = [...root, i];
    const name = nameKey(domain.name);
    checkName(domain.name, [...pointer, "name"], report);
    if (seen.has(name)) {
      const fix = "put all servers into one of them";
      report(fault([...pointer, "name"], domain.name, "is the name of another domain too", fix));
    }
    seen.add(name);
    checkKeyName(domain["key-name"], keys, [...pointer, "key-name"], report);
    if (domain["dns-servers"].length === 0) {
      const fix = 'write "dns-servers": [ { "ip-address": "192.0.2.53" } ]';
      report({ pointer: [...pointer, "dns-servers"], message: "has no server", fix, severity: "error" });
    }
    domain["dns-servers"].forEach((server, j) => {
      const at = [...pointer, "dns-servers", j];
      checkAddress(server["ip-address"], [...at, "ip-address"], report);
      checkKeyName(server["key-name"], keys, [...at, "key-name"], report);
      if (server.hostname !== "") {
        const fix = 'remove it and write "ip-address"';
        report(fault([...at, "hostname"], server.hostname, "is not supported: names are not looked up", fix));
      }
    });
  });
}

function checkKeyName(name: string, keys: ReadonlySet<string>, pointer: Pointer, report: Report): void {
  if (name === "" || keys.has(nameKey(name))) return;
  report(fault(pointer, name, 'is not the name of a key in "tsig-keys"', "define the key, or correct the name"));
}

function checkAddress(text: string, pointer: Pointer, report: Report): void {
  if (parseIpv4(text) !== undefined || parseIpv6(text) !== undefined) return;
  report(fault(pointer, text, "is not an IP address", "write an address such as 192.0.2.53 or 2001:db8::53"));
}

function checkName(text: string, pointer: Pointer, report: Report): void {
  try {
    parseLabels(text);
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    report({ pointer, message: error.message, severity: "error" });
  }
}

function fault(pointer: Pointer, value: string, message: string, fix: string): ConfigFault {
  return { pointer, value, message, fix, severity: "error" };
}
