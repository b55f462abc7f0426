/** The host's interfaces as Node lists them: on any system, and with less than the kernel would tell. */

import { type NetworkInterfaceInfo, networkInterfaces } from "node:os";
import { parseAddress4, parseAddress6 } from "../frames/address-text.ts";
import { writeAddress6 } from "../frames/address6.ts";
import type { Interfaces, UnfinishedInterface } from "./interface.ts";
import type { InterfaceSource } from "./interface-source.ts";

/** What nearly every interface has; Node does not tell. */
const ETHERNET = 1;
const USUAL_MTU = 1500;

/** By name. Node does not tell the kernel's numbers, so they are ours; a name keeps its number. */
const indexes = new Map<string, number>();

export class NodeInterfaces implements InterfaceSource {
  readonly isSilent = true;

  /** Those that are up and have an address. */
  read(): Interfaces {
    const links = new Map<number, UnfinishedInterface>();
    for (const [name, entries = []] of Object.entries(networkInterfaces())) {
      const link = newInterface(name, entries);
      links.set(link.index, link);
    }
    return links;
  }

  [Symbol.dispose](): void {}
}

function newInterface(name: string, entries: readonly NetworkInterfaceInfo[]): UnfinishedInterface {
  const index = indexes.get(name) ?? indexes.size + 1;
  indexes.set(name, index);
  const ipv4: UnfinishedInterface["ipv4"] = [];
  const ipv6: UnfinishedInterface["ipv6"] = [];
  for (const { family, address: text, cidr } of entries) {
    const prefixLength = Number(cidr?.split("/")[1] ?? 0);
    if (family === "IPv4") ipv4.push({ address: parseAddress4(text), prefixLength });
    else {
      const address = new Uint8Array(16);
      writeAddress6(parseAddress6(text), address, 0);
      ipv6.push({ address, prefixLength, tentative: false });
    }
  }
  const { internal: loopback, mac } = entries[0]!;
  return {
    index,
    name,
    up: true,
    running: true,
    loopback,
    broadcast: !loopback,
    multicast: !loopback,
    mtu: USUAL_MTU,
    type: ETHERNET,
    mac: Uint8Array.from(mac.split(":"), (byte) => Number.parseInt(byte, 16)),
    master: undefined,
    vlan: undefined,
    ipv4,
    ipv6,
  };
}
