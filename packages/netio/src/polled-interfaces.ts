/** The host's interfaces as Node lists them: on any system, and with less than the kernel would tell. */

import { networkInterfaces } from "node:os";
import { isDeepStrictEqual } from "node:util";
import { parseAddress4, parseAddress6 } from "./frames/address-text.ts";
import { writeAddress6 } from "./frames/address6.ts";
import type { Interface, InterfaceAddress4, InterfaceAddress6 } from "./netlink/interface-table.ts";
import type { InterfaceWatch } from "./netlink/interfaces.ts";

/** How often one looks, in milliseconds. */
const PERIOD = 2000;

/** What nearly every interface has; Node does not tell. */
const ETHERNET = 1;
const USUAL_MTU = 1500;

/** By name. Node does not tell the kernel's numbers, so they are ours; a name keeps its number. */
const indexes = new Map<string, number>();

/** Those that are up and have an address, by index. */
export function listByNode(): ReadonlyMap<number, Interface> {
  const links = new Map<number, Interface>();
  for (const [name, entries = []] of Object.entries(networkInterfaces())) {
    const index = indexes.get(name) ?? indexes.size + 1;
    indexes.set(name, index);
    const ipv4: InterfaceAddress4[] = [];
    const ipv6: InterfaceAddress6[] = [];
    for (const { family, address: text, cidr } of entries) {
      const prefixLength = Number(cidr?.split("/")[1] ?? 0);
      if (family === "IPv4") ipv4.push({ address: parseAddress4(text), prefixLength });
      else {
        const address = new Uint8Array(16);
        writeAddress6(parseAddress6(text), address, 0);
        ipv6.push({ address, prefixLength, tentative: false });
      }
    }
    const [{ internal: loopback, mac }] = entries as [(typeof entries)[number]];
    links.set(index, {
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
    });
  }
  return links;
}

/** As `watchInterfaces`, by looking again and again. */
export function pollInterfaces(onChange: (interfaces: ReadonlyMap<number, Interface>) => void): InterfaceWatch {
  let interfaces = listByNode();
  const timer = setInterval(() => {
    const before = interfaces;
    interfaces = listByNode();
    if (!isDeepStrictEqual(before, interfaces)) onChange(interfaces);
  }, PERIOD);
  return {
    get interfaces() {
      return interfaces;
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
