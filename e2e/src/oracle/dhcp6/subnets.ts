/** Which of several subnets that fit is the client's, and which of its pools comes first. */
import { text } from "@kotare/testkit/payloads";
import { asks } from "../scene.ts";
import { client, na, pd, type RelaySpec, relayed, solicit } from "./client.ts";
import { bind } from "./play.ts";
import type { Exchange6, Scene6 } from "./stage.ts";

/** Clients that come one after the other, through the relay if there is one. */
function come(title: string, first: number, count: number, link?: string): Exchange6 {
  return {
    title,
    async play(script) {
      for (let number = first; number < first + count; number++) {
        const via: Parameters<typeof bind>[3] = link === undefined ? {} : { via: (query) => relayed(query, { link }) };
        await bind(script, client(number), [na(1), pd(1)], via);
      }
    },
  };
}

/** A subnet of two addresses and two prefixes. */
function small(id: number, more: object = {}) {
  const net = `2001:db8:${id}:`;
  return {
    id,
    subnet: `${net}:/64`,
    pools: [{ pool: `${net}:10-${net}:11` }],
    "pd-pools": [{ prefix: `2001:db9:${id}::`, "prefix-len": 55, "delegated-len": 56 }],
    ...more,
  };
}

const relay = (...addresses: string[]) => ({ relay: { "ip-addresses": addresses } });
const a = (title: string, number: number, spec: RelaySpec, vendor?: string) => {
  const options =
    vendor === undefined
      ? []
      : [[16, Buffer.from(`\0\0\0\x09\0${String.fromCharCode(vendor.length)}${vendor}`, "latin1")] as const];
  return asks(title, ...relayed(solicit(client(number), [na(1)], { options }), spec));
};

const alone: Scene6 = {
  title: "subnets: several fit",
  config: {
    "client-classes": [
      { name: "phone", test: "vendor-class[9].data == 'phone'" },
      { name: "toaster", test: "vendor-class[9].data == 'toaster'" },
    ],
    subnet6: [
      small(90, { interface: "eth0" }),
      small(10, { interface: "eth0" }),
      small(50, { interface: "eth0" }),
      small(91, relay("2001:db8:ffff::1")),
      small(11, relay("2001:db8:ffff::1")),
      { id: 92, subnet: "2001:db8:20::/64", pools: [{ pool: "2001:db8:20::10-2001:db8:20::13" }] },
      { id: 12, subnet: "2001:db8:20::/48", pools: [{ pool: "2001:db8:20::20-2001:db8:20::23" }] },
      { id: 13, subnet: "2001:db8:30::/64", pools: [{ pool: "2001:db8:30::10-2001:db8:30::13" }] },
      { id: 93, subnet: "2001:db8:30::/48", pools: [{ pool: "2001:db8:30::20-2001:db8:30::23" }] },
      small(94, { ...relay("2001:db8:ffff::2"), "client-class": "phone" }),
      small(14, { ...relay("2001:db8:ffff::2"), "client-class": "toaster" }),
      small(54, { ...relay("2001:db8:ffff::2"), "client-class": "phone" }),
      small(97, { "interface-id": "port" }),
      small(17, { "interface-id": "port" }),
    ],
    "shared-networks": [
      { name: "n", subnet6: [small(95, relay("2001:db8:ffff::3")), small(15, relay("2001:db8:ffff::4"))] },
      { name: "m", subnet6: [small(5, relay("2001:db8:ffff::1", "2001:db8:ffff::3"))] },
      { name: "l", ...relay("2001:db8:ffff::5"), subnet6: [small(16, relay("2001:db8:ffff::6")), small(96)] },
    ],
  },
  exchanges: [
    come("by interface", 1, 1),
    a("by relay, across networks", 2, { link: "2001:db8:ffff::1" }),
    a("by prefix, the longer one last in id", 3, { link: "2001:db8:20::1" }),
    a("by prefix, the longer one first in id", 4, { link: "2001:db8:30::1" }),
    a("guards: a phone", 5, { link: "2001:db8:ffff::2" }, "phone"),
    a("guards: a toaster", 6, { link: "2001:db8:ffff::2" }, "toaster"),
    a("by relay, in two networks", 7, { link: "2001:db8:ffff::3" }),
    a("the network's relay, not that of the subnet", 8, { link: "2001:db8:ffff::5" }),
    a("by interface-id", 10, { link: "2001:db8:77::1", options: [[18, text("port")]] }),
  ],
};

const network: Scene6 = {
  title: "subnets: of a shared network",
  config: {
    "shared-networks": [
      { name: "floor", interface: "eth0", subnet6: [30, 20, 40, 10].map((id) => small(id)) },
      { name: "cellar", subnet6: [31, 21, 41, 11].map((id) => small(id)) },
    ],
  },
  exchanges: [come("one after the other", 1, 8), come("through a relay of one in the middle", 31, 8, "2001:db8:21::1")],
};

const pools: Scene6 = {
  title: "subnets: several pools",
  config: {
    subnet6: [
      small(1, {
        interface: "eth0",
        pools: ["2001:db8:1::30/127", "2001:db8:1::10/127", "2001:db8:1::20/127"].map((pool) => ({ pool })),
        "pd-pools": ["2001:db9:30::", "2001:db9:10::", "2001:db9:20::"].map((prefix) => ({
          prefix,
          "prefix-len": 55,
          "delegated-len": 56,
        })),
      }),
    ],
  },
  exchanges: [come("one after the other", 1, 6)],
};

export const subnetScenes: readonly Scene6[] = [alone, network, pools];
