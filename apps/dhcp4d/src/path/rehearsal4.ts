/** What a start plays through the steps: a client's way to a lease, as a relay in the first subnet passes it on. */
import { writeU32 } from "@kotare/core/base/big-endian";
import { MessageType4 } from "@kotare/core/dhcp4/message-type4";
import { BOOTREQUEST, Field4, MAGIC_COOKIE, Option4 } from "@kotare/core/dhcp4/message4";
import type { Ipv4 } from "@kotare/core/ip/ipv4";
import type { Rehearsal } from "@kotare/core/server/packets/rehearse";
import type { Service4 } from "./service4.ts";

/** TEST-NET-1 (RFC 5737): nobody's. */
const SERVER: Ipv4 = 0xc000_0201;
const PORT = 67;
/** Locally administered, and of no device. */
const CHADDR = [2, 0, 0, 0, 0, 0];

/** @returns `undefined` where there is no subnet with a pool */
export function rehearsal4({ scope }: Service4): Rehearsal<Ipv4> | undefined {
  for (const { prefix, pools } of scope.subnets.all()) {
    const [pool] = pools;
    if (pool === undefined) continue;
    const relay = prefix.address;
    const ask = [Option4.parameterRequestList, 5, 1, 3, 6, 12, 15];
    const wanted = [
      Option4.requestedAddress,
      4,
      ...bytesOf(pool.first),
      Option4.serverIdentifier,
      4,
      ...bytesOf(SERVER),
    ];
    return {
      messages: [
        messageOf(MessageType4.DHCPDISCOVER, relay, ask),
        messageOf(MessageType4.DHCPREQUEST, relay, [...wanted, ...ask]),
      ],
      ingress: {
        interface: { index: 0, name: "", mtu: 1500, mac: new Uint8Array(6), addresses: [SERVER] },
        source: relay,
        sourcePort: PORT,
        destination: SERVER,
        sourceMac: undefined,
      },
    };
  }
  return undefined;
}

function messageOf(type: number, giaddr: Ipv4, options: readonly number[]): Uint8Array {
  const fixed = new Uint8Array(Field4.options);
  fixed.set([BOOTREQUEST, 1, CHADDR.length, 1]);
  writeU32(fixed, Field4.giaddr, giaddr);
  fixed.set(CHADDR, Field4.chaddr);
  writeU32(fixed, Field4.cookie, MAGIC_COOKIE);
  return Uint8Array.from([...fixed, Option4.messageType, 1, type, ...options, Option4.end]);
}

function bytesOf(address: Ipv4): Uint8Array {
  const bytes = new Uint8Array(4);
  writeU32(bytes, 0, address);
  return bytes;
}
