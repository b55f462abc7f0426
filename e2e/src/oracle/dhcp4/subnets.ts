/** Which of several subnets that fit is the client's, and which of its pools comes first. */
import { asks, tells } from "../scene.ts";
import { client, decline, discover, extend, initReboot, relayed, release, unicast } from "./client.ts";
import { bind } from "./play.ts";
import type { Exchange4, Scene4 } from "./stage.ts";

/** Clients that are asked one after the other, through the relay if there is one. */
function come(title: string, first: number, count: number, giaddr?: string): Exchange4 {
  return {
    title,
    async play(script) {
      for (let number = first; number < first + count; number++) {
        const via =
          giaddr === undefined
            ? undefined
            : { via: (query: Parameters<typeof relayed>[0]) => relayed(query, { giaddr }) };
        await bind(script, client(number), via);
      }
    },
  };
}

/** A subnet of four addresses. */
function small(id: number, net: string, more: object = {}) {
  return { id, subnet: `${net}.0/24`, pools: [{ pool: `${net}.10-${net}.13` }], ...more };
}

const relay = (...addresses: string[]) => ({ relay: { "ip-addresses": addresses } });
const a = (title: string, number: number, giaddr: string, vendor?: string) =>
  asks(
    title,
    ...relayed(discover(client(number), vendor === undefined ? {} : { options: [[60, Buffer.from(vendor)]] }), {
      giaddr,
    }),
  );

const alone: Scene4 = {
  title: "subnets: several fit",
  config: {
    "client-classes": [
      { name: "phone", test: "option[60].hex == 'phone'" },
      { name: "toaster", test: "option[60].hex == 'toaster'" },
    ],
    subnet4: [
      small(90, "10.90.0", { interface: "eth0" }),
      small(10, "10.10.0", { interface: "eth0" }),
      small(50, "10.50.0", { interface: "eth0" }),
      small(91, "10.91.0", relay("172.16.0.1")),
      small(11, "10.11.0", relay("172.16.0.1")),
      { id: 92, subnet: "10.20.0.0/24", pools: [{ pool: "10.20.0.10-10.20.0.13" }] },
      { id: 12, subnet: "10.20.0.0/16", pools: [{ pool: "10.20.0.20-10.20.0.23" }] },
      { id: 13, subnet: "10.30.0.0/24", pools: [{ pool: "10.30.0.10-10.30.0.13" }] },
      { id: 93, subnet: "10.30.0.0/16", pools: [{ pool: "10.30.0.20-10.30.0.23" }] },
      small(94, "10.94.0", { ...relay("172.16.0.2"), "client-class": "phone" }),
      small(14, "10.14.0", { ...relay("172.16.0.2"), "client-class": "toaster" }),
      small(54, "10.54.0", { ...relay("172.16.0.2"), "client-class": "phone" }),
    ],
    "shared-networks": [
      { name: "n", subnet4: [small(95, "10.95.0", relay("172.16.0.3")), small(15, "10.15.0", relay("172.16.0.4"))] },
      { name: "m", subnet4: [small(5, "10.5.0", relay("172.16.0.1", "172.16.0.3"))] },
      { name: "l", ...relay("172.16.0.5"), subnet4: [small(16, "10.16.0", relay("172.16.0.6")), small(96, "10.96.0")] },
      { name: "k", ...relay("172.16.0.7"), subnet4: [small(17, "10.17.0", relay("172.16.0.8")), small(97, "10.97.0")] },
    ],
  },
  exchanges: [
    come("by interface", 1, 1),
    a("by relay, across networks", 2, "172.16.0.1"),
    a("by prefix, the longer one last in id", 3, "10.20.0.1"),
    a("by prefix, the longer one first in id", 4, "10.30.0.1"),
    a("guards: a phone", 5, "172.16.0.2", "phone"),
    a("guards: a toaster", 6, "172.16.0.2", "toaster"),
    a("by relay, in two networks", 7, "172.16.0.3"),
    a("the network's relay, not that of the subnet", 8, "172.16.0.5"),
    a("the subnet's relay, not that of the network", 9, "172.16.0.8"),
    a("another subnet of the network was used last", 10, "172.16.0.6"),
    {
      title: "guards: phones that do not say so when they give their addresses back",
      async play(script) {
        const via = (query: Parameters<typeof relayed>[0]) => relayed(query, { giaddr: "172.16.0.2" });
        const phone = { via, options: [[60, Buffer.from("phone")] as const] };
        const first = await bind(script, client(11), { ...phone, wanted: "10.94.0.12" });
        await script.tell("RELEASE", ...via(release(client(11), first.yiaddr)));
        const second = await bind(script, client(12), { ...phone, wanted: "10.94.0.13" });
        await script.tell("DECLINE", ...via(decline(client(12), second.yiaddr)));
      },
    },
  ],
};

const network: Scene4 = {
  title: "subnets: of a shared network",
  config: {
    "shared-networks": [
      {
        name: "floor",
        interface: "eth0",
        subnet4: [small(30, "10.30.0"), small(20, "10.20.0"), small(40, "10.40.0"), small(10, "10.10.0")],
      },
      {
        name: "cellar",
        subnet4: [small(31, "10.31.0"), small(21, "10.21.0"), small(41, "10.41.0"), small(11, "10.11.0")],
      },
    ],
  },
  exchanges: [come("one after the other", 1, 16), come("through a relay of one in the middle", 31, 16, "10.21.0.1")],
};

const pools: Scene4 = {
  title: "subnets: several pools",
  config: {
    subnet4: [
      {
        id: 1,
        subnet: "10.0.0.0/24",
        pools: [{ pool: "10.0.0.100-10.0.0.101" }, { pool: "10.0.0.10-10.0.0.11" }, { pool: "10.0.0.50-10.0.0.51" }],
      },
    ],
  },
  exchanges: [come("one after the other", 1, 6)],
};

const numbered: Scene4 = {
  title: "subnets: another number since",
  config: { subnet4: [small(1, "10.0.0")] },
  exchanges: [come("before", 1, 4)],
  sequel: {
    config: { subnet4: [small(7, "10.0.0")] },
    exchanges: [
      asks("RENEWING", extend(client(1), "10.0.0.10"), unicast("10.0.0.10")),
      asks("REBINDING", extend(client(2), "10.0.0.11"), { source: "10.0.0.11" }),
      tells("INIT-REBOOT", initReboot(client(3), "10.0.0.12")),
      tells("DISCOVER", discover(client(4))),
    ],
  },
};

export const subnetScenes: readonly Scene4[] = [alone, network, pools, numbered];
