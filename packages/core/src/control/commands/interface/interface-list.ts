/** `interface-list` and `interface-redetect`, which are one here: the kernel tells of each change. */
import { z } from "zod";
import { formatHex } from "../../../base/hex.ts";
import { formatIpv4 } from "../../../ip/ipv4.ts";
import { formatIpv6 } from "../../../ip/ipv6.ts";
import { done } from "../../answer.ts";
import { type ArgumentsCommand, defineCommand } from "../../command.ts";
import type { DhcpContext, HostInterface } from "../../dhcp-context.ts";
import type { Json } from "../../kea-json.ts";

const example: HostInterface = {
  name: "eth0",
  index: 2,
  mac: Uint8Array.of(0, 0x11, 0x22, 0x33, 0x44, 0x55),
  type: 1,
  ipv4: [{ address: 0xc0000201, prefixLength: 24 }],
  ipv6: [],
  mtu: 1500,
  master: undefined,
  vlan: undefined,
  loopback: false,
  up: true,
  running: true,
  multicast: true,
  broadcast: true,
  isServed: true,
};

export const interfaceList = listing(
  "interface-list",
  "read",
  "Returns the current interfaces of the host, and which of them are served (`in-use`).",
);
export const interfaceRedetect = listing(
  "interface-redetect",
  "write",
  "Returns what `interface-list` returns. Kea needs this command to find new interfaces; Kotare notices them by itself.",
);

function listing(name: string, access: "read" | "write", summary: string): ArgumentsCommand<DhcpContext> {
  return defineCommand({
    name,
    access,
    summary,
    arguments: z.object({}),
    examples: [{ answer: answer([example]) }],
    run: (_, context: DhcpContext) => answer(context.interfaces()),
  });
}

function answer(interfaces: readonly HostInterface[]) {
  const what = interfaces.length === 1 ? "1 interface" : `${interfaces.length} interfaces`;
  return done(`${what} detected.`, { interfaces: interfaces.map(describe) });
}

function describe(link: HostInterface): Json {
  return {
    name: link.name,
    index: link.index,
    mac: formatHex(link.mac),
    type: link.type,
    addresses: [
      ...link.ipv4.map(({ address }) => formatIpv4(address)),
      ...link.ipv6.map(({ address }) => formatIpv6(address)),
    ],
    "flag-loopback": link.loopback,
    "flag-up": link.up,
    "flag-running": link.running,
    "flag-multicast": link.multicast,
    "flag-broadcast": link.broadcast,
    "in-use": link.isServed,
  };
}
