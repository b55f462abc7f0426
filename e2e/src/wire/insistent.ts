/** Clients of either family that insist until they are served. */
import type { Host } from "../lab/lab.ts";
import type { Family } from "../subject/server.ts";
import { getServed } from "./dora.ts";
import { getServed6 } from "./dora6.ts";
import { optionOf } from "./message4.ts";
import { Probe4 } from "./probe4.ts";
import { Probe6 } from "./probe6.ts";

interface Given {
  /** The client's address, and in DHCPv6 its prefix. */
  readonly leases: readonly string[];
  /** What the one who has answered calls itself. */
  readonly server: string;
}

export interface Insistent extends Disposable {
  /** @throws Error when that takes longer than `timeout` milliseconds */
  serve(mac: string, timeout?: number): Promise<Given>;
}

export async function openInsistent(host: Host, family: Family): Promise<Insistent> {
  if (family === 6) {
    const probe = await Probe6.open(host, "eth0");
    const place = { probe, mac: host.mac("eth0") };
    return {
      serve: (mac, timeout) => getServed6(place, mac, timeout),
      [Symbol.dispose]: () => probe[Symbol.dispose](),
    };
  }
  const probe = await Probe4.open(host, "eth0");
  return {
    async serve(mac, timeout) {
      const ack = await getServed(probe, mac, timeout);
      return { leases: [ack.yiaddr], server: [...optionOf(ack, 54)!].join(".") };
    },
    [Symbol.dispose]: () => probe[Symbol.dispose](),
  };
}
