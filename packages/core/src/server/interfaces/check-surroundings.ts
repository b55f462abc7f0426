/** `-T`: what a configuration needs of this host, looked at without taking anything into use. */
import { accessSync, constants, existsSync } from "node:fs";
import { dirname } from "node:path";
import { listInterfaces } from "@kotare/netio/interfaces/interfaces";
import { parseInterfaceText } from "../../config/check/check-interfaces.ts";
import { type Capability, capabilityAdvice, missingCapabilities } from "../../daemon/capabilities.ts";
import type { InterfaceRules } from "./served-interfaces.ts";

/** @returns one sentence for everything that would keep the daemon from serving now */
export function checkSurroundings<Address extends number | string, Config extends { interfaces: readonly string[] }>(
  rules: InterfaceRules<Address, Config>,
  config: Config,
  leaseFile: string | undefined,
  needed: readonly Capability[],
): string[] {
  const missing = missingCapabilities(needed);
  return [
    ...(missing.length > 0 ? [capabilityAdvice(missing)] : []),
    ...config.interfaces.flatMap((text) => checkInterface(rules, config, text)),
    ...(leaseFile === undefined ? [] : checkLeaseFile(leaseFile)),
  ];
}

function checkInterface<Address extends number | string, Config>(
  rules: InterfaceRules<Address, Config>,
  config: Config,
  text: string,
): string[] {
  const { name, address } = parseInterfaceText(text);
  if (name === "*") return [];
  const link = [...listInterfaces().values()].find((candidate) => candidate.name === name);
  if (link === undefined) return [`interface ${name} does not exist on this host; it is served as soon as it does`];
  const only = address === undefined ? [] : [rules.parse(address)!];
  const found = rules.addressesOf(link, only, config);
  return typeof found === "string" ? [`interface ${name}: ${found}; it is served as soon as that is over`] : [];
}

/** The file may be missing, its folder may not; what is there must be readable and writable. */
function checkLeaseFile(path: string): string[] {
  const target = existsSync(path) ? path : dirname(path);
  try {
    accessSync(target, constants.R_OK | constants.W_OK);
    return [];
  } catch (error) {
    return [`lease file ${path} cannot be used: ${(error as Error).message}`];
  }
}
