/** `-T`: what a configuration needs of this host, looked at without taking anything into use. */
import { accessSync, constants, existsSync } from "node:fs";
import { dirname } from "node:path";
import { parseInterfaceText } from "@kotare/core/config/check/check-interfaces";
import type { Dhcp4Config } from "@kotare/core/config/dhcp4-config";
import { capabilityAdvice, missingCapabilities } from "@kotare/core/daemon/capabilities";
import { formatIpv4 } from "@kotare/core/ip/ipv4";
import { listInterfaces } from "@kotare/netio/interfaces";

/** @returns one sentence for everything that would keep the daemon from serving now */
export function checkSurroundings(config: Dhcp4Config, leaseFile: string): string[] {
  const missing = missingCapabilities(["CAP_NET_RAW", "CAP_NET_BIND_SERVICE"]);
  return [
    ...(missing.length > 0 ? [capabilityAdvice(missing)] : []),
    ...config["interfaces-config"].interfaces.flatMap(checkInterface),
    ...checkLeaseFile(leaseFile),
  ];
}

function checkInterface(text: string): string[] {
  const { name, address } = parseInterfaceText(text);
  if (name === "*") return [];
  const link = [...listInterfaces().values()].find((candidate) => candidate.name === name);
  if (link === undefined) return [`interface ${name} does not exist on this host; it is served as soon as it does`];
  const addresses = link.ipv4.map((own) => formatIpv4(own.address));
  if (addresses.length === 0) return [`interface ${name} has no IPv4 address; it is served as soon as it has one`];
  if (address === undefined || addresses.includes(address)) return [];
  return [`interface ${name} does not have the address ${address}; it has ${addresses.join(" ")}`];
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
