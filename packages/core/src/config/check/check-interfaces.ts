/** `interfaces`: names, names with an address, and `*`. Whether they exist is not asked: an interface may come late. */

import { parseIpv4 } from "../../ip/ipv4.ts";
import type { InterfacesConfig } from "../dhcp4-config.ts";
import type { Pointer } from "../fault.ts";
import type { Report } from "./report.ts";

/** `eth0/192.0.2.1` → name and address; spaces around them do not count. */
export function parseInterfaceText(text: string): { readonly name: string; readonly address: string | undefined } {
  const slash = text.indexOf("/");
  if (slash < 0) return { name: text.trim(), address: undefined };
  return { name: text.slice(0, slash).trim(), address: text.slice(slash + 1).trim() };
}

export function checkInterfaces(config: InterfacesConfig, pointer: Pointer, report: Report): void {
  if (config.interfaces.length === 0) {
    report({
      pointer: [...pointer, "interfaces"],
      message: "names no interface: nobody will be served",
      fix: 'write "interfaces": [ "eth0" ], or [ "*" ] for all',
      severity: "warning",
    });
  }
  const seen = new Map<string, Set<string | undefined>>();
  config.interfaces.forEach((text, i) => {
    const { name, address } = parseInterfaceText(text);
    const problem = describeProblem(name, address, seen.get(name));
    seen.set(name, (seen.get(name) ?? new Set()).add(address));
    if (problem === undefined) return;
    const fix = 'write "eth0", "eth0/192.0.2.1" or "*", each once';
    report({ pointer: [...pointer, "interfaces", i], value: text, message: problem, fix, severity: "error" });
  });
  if (config["outbound-interface"] === "use-routing" && config["dhcp-socket-type"] === "raw") {
    report({
      pointer: [...pointer, "outbound-interface"],
      message: 'has no effect with "dhcp-socket-type": "raw"; replies leave by the interface of the query',
      severity: "warning",
    });
  }
}

/** @param before the addresses with which the interface was listed before; `undefined` among them is all of them */
function describeProblem(
  name: string,
  address: string | undefined,
  before: ReadonlySet<string | undefined> | undefined,
): string | undefined {
  if (name === "") return "names no interface";
  if (address !== undefined && name === "*") return "asks for one address of all interfaces";
  if (address !== undefined && parseIpv4(address) === undefined) return "does not end in an IPv4 address";
  if (before === undefined) return undefined;
  const isTwice = before.has(address) || before.has(undefined) || address === undefined;
  return isTwice ? "is listed twice" : undefined;
}
