/** Clients of either family that insist until they are served. */
import type { Host } from "../lab/lab.ts";
import type { Family } from "../subject/server.ts";
import { getServed, giveBack } from "./dora.ts";
import { type Given6, getServed6, giveBack6 } from "./dora6.ts";
import { type Message4, optionOf } from "./message4.ts";
import { Probe4 } from "./probe4.ts";
import { Probe6 } from "./probe6.ts";

interface Given {
  /** The client's address, and in DHCPv6 its prefix. */
  readonly leases: readonly string[];
  /** What the one who has answered calls itself. */
  readonly server: string;
}

export interface Insistent extends Disposable {
  /** @param retry milliseconds until it sends again @throws Error when that takes longer than `timeout` milliseconds */
  serve(mac: string, timeout?: number, retry?: number): Promise<Given>;
  /** What it was served with last. */
  giveBack(mac: string): Promise<void>;
}

export async function openInsistent(host: Host, family: Family): Promise<Insistent> {
  return family === 6 ? await open6(host) : await open4(host);
}

async function open4(host: Host): Promise<Insistent> {
  const probe = await Probe4.open(host, "eth0");
  const given = new Map<string, Message4>();
  return {
    async serve(mac, timeout, retry) {
      const ack = await getServed(probe, mac, timeout, retry);
      given.set(mac, ack);
      return { leases: [ack.yiaddr], server: [...optionOf(ack, 54)!].join(".") };
    },
    giveBack: async (mac) => giveBack(probe, mac, given.get(mac)!),
    [Symbol.dispose]: () => probe[Symbol.dispose](),
  };
}

async function open6(host: Host): Promise<Insistent> {
  const probe = await Probe6.open(host, "eth0");
  const place = { probe, mac: host.mac("eth0") };
  const given = new Map<string, Given6>();
  return {
    async serve(mac, timeout, retry) {
      const all = await getServed6(place, mac, timeout, retry);
      given.set(mac, all);
      return { leases: all.leases, server: all.server };
    },
    giveBack: (mac) => giveBack6(place, mac, given.get(mac)!),
    [Symbol.dispose]: () => probe[Symbol.dispose](),
  };
}
