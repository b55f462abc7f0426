/** `interfaces`: names, names with an address, and `*`. Whether they exist is not asked: an interface may come late. */
import type { Pointer } from "../fault.ts";
import type { AddressText } from "./address-text.ts";
import type { Report } from "./report.ts";

/** `eth0/192.0.2.1` → name and address; spaces around them do not count. */
export function parseInterfaceText(text: string): { readonly name: string; readonly address: string | undefined } {
  const slash = text.indexOf("/");
  if (slash < 0) return { name: text.trim(), address: undefined };
  return { name: text.slice(0, slash).trim(), address: text.slice(slash + 1).trim() };
}

/** @param pointer of `interfaces-config` */
export function checkInterfaces<Address extends number | string>(
  family: AddressText<Address>,
  interfaces: readonly string[],
  pointer: Pointer,
  report: Report,
): void {
  if (interfaces.length === 0) {
    report({
      pointer: [...pointer, "interfaces"],
      message: "names no interface: nobody will be served",
      fix: 'write "interfaces": [ "eth0" ], or [ "*" ] for all',
      severity: "warning",
    });
  }
  const seen = new Map<string, Set<string | undefined>>();
  interfaces.forEach((text, i) => {
    const { name, address } = parseInterfaceText(text);
    const problem = describeProblem(family, name, address, seen.get(name));
    seen.set(name, (seen.get(name) ?? new Set()).add(address));
    if (problem === undefined) return;
    const fix = `write "eth0", "eth0/${family.examples.address}" or "*", each once`;
    report({ pointer: [...pointer, "interfaces", i], value: text, message: problem, fix, severity: "error" });
  });
}

/** @param before the addresses with which the interface was listed before, `undefined` for the name alone */
function describeProblem<Address extends number | string>(
  { kind, parse, isUsable }: AddressText<Address>,
  name: string,
  address: string | undefined,
  before: ReadonlySet<string | undefined> | undefined,
): string | undefined {
  if (name === "") return "names no interface";
  if (address !== undefined && name === "*") return "asks for one address of all interfaces";
  const parsed = address === undefined ? undefined : parse(address);
  if (address !== undefined && (parsed === undefined || !isUsable(parsed))) return `does not end in an ${kind} address`;
  if (before === undefined) return undefined;
  // In DHCPv4 a name alone means all its addresses; in DHCPv6 an address comes beside what the name alone means.
  const isCovered = kind === "IPv4" && (before.has(undefined) || address === undefined);
  return isCovered || before.has(address) ? "is listed twice" : undefined;
}
