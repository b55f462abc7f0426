/** What else the configuration decides: lifetimes, T1 and T2, shared networks, full pools, expiry, renumbering. */
import { asks, tells } from "../scene.ts";
import { client, confirm, held, home, homePrefix, na, pd, rebind, release, renew, request, solicit } from "./client.ts";
import { LAN } from "./lan.ts";
import { bind, binds } from "./play.ts";
import type { Exchange6, Scene6 } from "./stage.ts";

const FOREVER = 0xffff_ffff;

function wishing(number: number, preferred: number, valid: number): Exchange6 {
  const times = { preferred, valid };
  return binds(`the client wants ${preferred} s, ${valid} s`, client(number), [
    na(1, { lease: home(number), ...times }),
    pd(1, { lease: homePrefix(number), ...times }),
  ]);
}

const lifetimes: Exchange6[] = [
  binds("the client wants none", client(1), [na(1, home(1)), pd(1, homePrefix(1))]),
  wishing(2, 0, 3000),
  wishing(3, 1500, 0),
  wishing(4, 1500, 3000),
  wishing(5, 10, 20),
  wishing(6, 5000, 9000),
  wishing(7, 3000, 2500),
  wishing(8, FOREVER, FOREVER),
  {
    title: "a wish in a RENEW",
    async play(script) {
      await bind(script, client(9), [na(1, home(9)), pd(1, homePrefix(9))]);
      const times = { preferred: 1600, valid: 3100 };
      await script.ask(
        "RENEW",
        renew(client(9), [na(1, { lease: home(9), ...times }), pd(1, { lease: homePrefix(9), ...times })]),
      );
    },
  },
];

const times: Exchange6[] = [
  binds("an address and a prefix", client(1), [na(1, home(1)), pd(1, homePrefix(1))]),
  binds("an address", client(2), [na(1, home(2))]),
];

const timings: [string, object][] = [
  ["calculated", { "valid-lifetime": 4001, "preferred-lifetime": 3001 }],
  ["calculated otherwise", { "valid-lifetime": 4001, "t1-percent": 0.4, "t2-percent": 0.7 }],
  ["given", { "valid-lifetime": 4000, "renew-timer": 1000, "rebind-timer": 2000 }],
  ["given, rebind before renew", { "valid-lifetime": 4000, "renew-timer": 3000, "rebind-timer": 2000 }],
  ["given, equal", { "valid-lifetime": 4000, "renew-timer": 2000, "rebind-timer": 2000 }],
  ["given, beyond the lifetime", { "valid-lifetime": 1000, "renew-timer": 3000, "rebind-timer": 5000 }],
  ["renew only", { "valid-lifetime": 4000, "renew-timer": 1000 }],
  ["rebind only", { "valid-lifetime": 4000, "rebind-timer": 2000 }],
  ["off", { "valid-lifetime": 4000, "calculate-tee-times": false }],
  ["renew only, calculated off", { "valid-lifetime": 4000, "calculate-tee-times": false, "renew-timer": 1000 }],
  ["of a lease without end", { "valid-lifetime": FOREVER, "preferred-lifetime": FOREVER }],
  ["preferred beyond valid", { "valid-lifetime": 1000, "preferred-lifetime": 2000 }],
  ["preferred 0", { "valid-lifetime": 1000, "preferred-lifetime": 0 }],
];

const twoSubnets = [
  {
    id: 1,
    subnet: "2001:db8::/64",
    pools: [{ pool: "2001:db8::10/128" }, { pool: "2001:db8::12 - 2001:db8::12" }],
    "pd-pools": [{ prefix: "2001:db8:8000::", "prefix-len": 56, "delegated-len": 56 }],
    "option-data": [{ name: "dns-servers", data: "2001:db8::53" }],
  },
  {
    id: 2,
    subnet: "2001:db8:3::/64",
    pools: [{ pool: "2001:db8:3::10-2001:db8:3::12" }],
    "pd-pools": [{ prefix: "2001:db8:9000::", "prefix-len": 55, "delegated-len": 56 }],
    "option-data": [{ name: "dns-servers", data: "2001:db8:3::53" }],
    "valid-lifetime": 500,
    "preferred-lifetime": 400,
  },
];

const network: Exchange6[] = [
  {
    title: "full subnets overflow into the next one, and then nobody is served",
    async play(script) {
      for (let number = 1; number <= 5; number++) await bind(script, client(number), [na(1)]);
      await script.ask("SOLICIT", solicit(client(6), [na(1)]));
      await script.ask("REQUEST", request(client(6), [na(1)]));
      await script.ask("renews in the second", renew(client(3), [na(1, "2001:db8:3::10")]));
      await script.ask("confirms in the second", confirm(client(3), [na(1, "2001:db8:3::10")]));
      await script.tell("releases", release(client(4), [na(1, "2001:db8:3::11")]));
      await script.pause(1.1); // Kea gives a released address to others only in the next second
      await bind(script, client(6), [na(1)]);
    },
  },
  {
    title: "prefixes overflow, too",
    async play(script) {
      for (let number = 11; number <= 13; number++) await bind(script, client(number), [pd(1)]);
      await script.ask("SOLICIT of one more", solicit(client(14), [pd(1)]));
      await script.ask("SOLICIT of a prefix and an address, neither there", solicit(client(14), [na(1), pd(1)]));
    },
  },
  {
    title: "an address and a prefix of the second subnet wanted",
    async play(script) {
      await script.tell("releases", release(client(3), [na(1, "2001:db8:3::10")]));
      await script.tell("releases", release(client(13), [pd(1, "2001:db8:9000:100::/56")]));
      await script.pause(1.1);
      await bind(script, client(7), [na(1, "2001:db8:3::10"), pd(1, "2001:db8:9000:100::/56")]);
    },
  },
];

const full: Exchange6[] = [
  {
    title: "one of two associations gets something",
    async play(script) {
      await script.ask("SOLICIT", solicit(client(1), [na(1), na(2), pd(1), pd(2)]));
      await script.ask("REQUEST", request(client(1), [na(1), na(2), pd(1), pd(2)]));
      await script.ask("RENEW", renew(client(1), [na(1), na(2), pd(1), pd(2)]));
      await script.ask("REBIND", rebind(client(1), [na(1), na(2), pd(1), pd(2)]));
    },
  },
  {
    title: "nothing is left",
    async play(script) {
      await script.ask("SOLICIT of an address", solicit(client(2), [na(1)]));
      await script.ask("SOLICIT of a prefix", solicit(client(2), [pd(1)]));
      await script.ask("SOLICIT of both", solicit(client(2), [na(1), pd(1)]));
      await script.ask("REQUEST of both", request(client(2), [na(1), pd(1)]));
      await script.ask("RENEW of both", renew(client(2), [na(1), pd(1)]));
      await script.ask("RENEW of what is not", renew(client(2), [na(1, home(2)), pd(1, homePrefix(2))]));
      await script.ask("REBIND of both", rebind(client(2), [na(1), pd(1)]));
    },
  },
];

const FULL = {
  id: 1,
  subnet: "2001:db8::/64",
  interface: "eth0",
  pools: [{ pool: "2001:db8::10-2001:db8::10" }],
  "pd-pools": [{ prefix: "2001:db8:8000::", "prefix-len": 56, "delegated-len": 56 }],
};

const bare: Exchange6[] = [
  asks("SOLICIT", solicit(client(1), [na(1), pd(1)])),
  asks("REQUEST", request(client(1), [na(1), pd(1)])),
  asks("RENEW", renew(client(1), [na(1, home(1)), pd(1, homePrefix(1))])),
  asks("REBIND", rebind(client(1), [na(1, home(1)), pd(1, homePrefix(1))])),
  asks("CONFIRM", confirm(client(1), [na(1, home(1))])),
];

const strange: Exchange6[] = [
  asks("SOLICIT", solicit(client(1), [na(1), pd(1)])),
  asks("REQUEST", request(client(1), [na(1), pd(1)])),
  asks("RENEW", renew(client(1), [na(1, home(1)), pd(1, homePrefix(1))])),
  tells("REBIND", rebind(client(1), [na(1, home(1)), pd(1, homePrefix(1))])),
  asks("RELEASE", release(client(1), [na(1, home(1)), pd(1, homePrefix(1))])),
];

const expiry: Exchange6[] = [
  {
    title: "leases end and go to the next, then back",
    async play(script) {
      await bind(script, client(1), [na(1), pd(1)]);
      await script.ask("nothing is free", solicit(client(2), [na(1), pd(1)]));
      // Kea counts whole seconds, and a lease of two of them is over in the third.
      await script.pause(3.5);
      await bind(script, client(2), [na(1), pd(1)]);
      await script.ask(
        "the former holder renews",
        renew(client(1), [na(1, "2001:db8::10"), pd(1, "2001:db8:8000::/56")]),
      );
      // What is compared of the lease file at last has been reclaimed.
      await script.pause(4.5);
    },
  },
];

const cached: Exchange6[] = [
  {
    title: "a lease that is young",
    async play(script) {
      // Ages are whole seconds: not at the end of one.
      await script.pause(1.05 - ((Date.now() / 1000) % 1));
      const reply = await bind(script, client(1), [na(1), pd(1)]);
      await script.pause(3);
      await script.ask("RENEW", renew(client(1), held(reply)));
      await script.ask("REBIND", rebind(client(1), held(reply)));
      await script.ask("SOLICIT", solicit(client(1), [na(1), pd(1)]));
      await script.ask("REQUEST", request(client(1), held(reply)));
    },
  },
  {
    title: "a lease that was released",
    async play(script) {
      const reply = await bind(script, client(2), [na(1), pd(1)]);
      await script.ask("RELEASE", release(client(2), held(reply)));
      await script.pause(1.1);
      await bind(script, client(2), [na(1), pd(1)]);
    },
  },
];

const excluding = { ...LAN["pd-pools"][0], "excluded-prefix": "2001:db8:8000::", "excluded-prefix-len": 64 };

const excluded: Exchange6[] = [
  binds("a prefix with a part that is excluded", client(1), [pd(1, homePrefix(1))], { oro: [67] }),
  binds("the client does not ask for it", client(2), [pd(1, homePrefix(2))]),
];

/** What a renumbering takes away is sent with lifetimes of 0. */
const before: Exchange6[] = [
  binds("bound before", client(1), [na(1, home(1)), pd(1, homePrefix(1))]),
  binds("an address before", client(2), [na(1, home(2))]),
  binds("a prefix before", client(3), [pd(1, homePrefix(3))]),
  binds("several before", client(4), [na(1, home(4)), na(2, home(104)), pd(1, homePrefix(4)), pd(2, homePrefix(104))]),
  binds("bound before, to rebind", client(5), [na(1, home(5)), pd(1, homePrefix(5))]),
  binds("bound before, to confirm", client(6), [na(1, home(6)), pd(1, homePrefix(6))]),
  binds("bound before, to begin anew", client(7), [na(1, home(7)), pd(1, homePrefix(7))]),
];

const after: Exchange6[] = [
  asks("RENEW of both", renew(client(1), [na(1, home(1)), pd(1, homePrefix(1))])),
  asks("RENEW of the address", renew(client(2), [na(1, home(2))])),
  asks("RENEW of the prefix", renew(client(3), [pd(1, homePrefix(3))])),
  asks(
    "RENEW of several",
    renew(client(4), [na(1, home(4)), na(2, home(104)), pd(1, homePrefix(4)), pd(2, homePrefix(104))]),
  ),
  asks("REBIND of both", rebind(client(5), [na(1, home(5)), pd(1, homePrefix(5))])),
  asks("CONFIRM", confirm(client(6), [na(1, home(6))])),
  binds("SOLICIT and REQUEST", client(7), [na(1, home(7)), pd(1, homePrefix(7))]),
];

const NEW_POOLS = {
  ...LAN,
  pools: [{ pool: "2001:db8::1000 - 2001:db8::1fff" }],
  "pd-pools": [{ prefix: "2001:db8:9000::", "prefix-len": 48, "delegated-len": 56 }],
};

/** Another network altogether; the old one is not on the link any more. */
const NEW_NETWORK = {
  id: 2,
  subnet: "2001:db8:5::/64",
  interface: "eth0",
  pools: [{ pool: "2001:db8:5::10 - 2001:db8:5::fff" }],
  "pd-pools": [{ prefix: "2001:db8:9000::", "prefix-len": 48, "delegated-len": 56 }],
};

const handedOver: Exchange6[] = [
  asks("RENEW by the heir", renew(client(1), [na(1, home(1)), pd(1, homePrefix(1))])),
  asks("SOLICIT at the heir", solicit(client(2), [na(1)])),
  asks("an address that somebody holds", solicit(client(9), [na(1, home(2)), pd(1, homePrefix(3))])),
  asks("RELEASE at the heir", renew(client(3), [pd(1, homePrefix(3))])),
  {
    title: "several leases at the heir",
    async play(script) {
      const all = [na(1, home(4)), na(2, home(104)), pd(1, homePrefix(4)), pd(2, homePrefix(104))];
      const reply = await script.ask("RENEW", renew(client(4), all));
      await script.ask("REBIND", rebind(client(4), held(reply)));
    },
  },
];

export const policyScenes: Scene6[] = [
  {
    title: "lifetimes, bounded",
    config: {
      "min-valid-lifetime": 2000,
      "valid-lifetime": 4000,
      "max-valid-lifetime": 8000,
      "min-preferred-lifetime": 1000,
      "preferred-lifetime": 2000,
      "max-preferred-lifetime": 4000,
      subnet6: [LAN],
    },
    exchanges: lifetimes,
  },
  {
    title: "lifetimes, valid ones bounded",
    config: { "min-valid-lifetime": 2000, "valid-lifetime": 4000, "max-valid-lifetime": 8000, subnet6: [LAN] },
    exchanges: lifetimes,
  },
  { title: "lifetimes, fixed", config: { "valid-lifetime": 4000, subnet6: [LAN] }, exchanges: lifetimes },
  ...timings.map(([title, keys]) => ({
    title: `T1 and T2: ${title}`,
    config: { ...keys, subnet6: [LAN] },
    exchanges: times,
  })),
  {
    title: "shared network",
    config: {
      "valid-lifetime": 1000,
      "shared-networks": [
        {
          name: "floor",
          interface: "eth0",
          "valid-lifetime": 700,
          "option-data": [{ name: "domain-search", data: "floor.example" }],
          subnet6: twoSubnets,
        },
      ],
    },
    exchanges: network,
  },
  { title: "full pools", config: { subnet6: [FULL] }, exchanges: full },
  { title: "a subnet without pools", config: { subnet6: [{ ...FULL, pools: [], "pd-pools": [] }] }, exchanges: bare },
  {
    title: "no subnet for the clients",
    config: { subnet6: [{ ...FULL, subnet: "2001:db8:9::/64", interface: "", pools: [] }] },
    exchanges: strange,
  },
  {
    title: "expiry",
    config: { "valid-lifetime": 2, "expired-leases-processing": { "reclaim-timer-wait-time": 1 }, subnet6: [FULL] },
    exchanges: expiry,
  },
  {
    title: "lease cache",
    config: {
      "valid-lifetime": 100,
      "preferred-lifetime": 60,
      "cache-threshold": 0.5,
      subnet6: [LAN],
    },
    exchanges: cached,
  },
  { title: "excluded prefix", config: { subnet6: [{ ...LAN, "pd-pools": [excluding] }] }, exchanges: excluded },
  {
    title: "other pools",
    config: { subnet6: [LAN] },
    exchanges: before,
    sequel: { config: { subnet6: [NEW_POOLS] }, exchanges: after },
  },
  {
    title: "another network",
    config: { subnet6: [LAN] },
    exchanges: before,
    sequel: { config: { subnet6: [NEW_NETWORK] }, exchanges: after },
  },
  {
    title: "the other server takes the lease file over",
    config: { subnet6: [LAN] },
    exchanges: before,
    sequel: { isHandover: true, exchanges: handedOver },
  },
];
