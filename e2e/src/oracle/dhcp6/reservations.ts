/** Reservations: by DUID and hardware address, of several addresses and prefixes, inside and outside of pools, global. */
import { hex, text } from "@kotare/testkit/payloads";
import type { Option } from "../../wire/message4.ts";
import { asks } from "../scene.ts";
import {
  client,
  confirm,
  decline,
  held,
  home,
  homePrefix,
  inform,
  na,
  pd,
  rebind,
  release,
  renew,
  request,
  solicit,
} from "./client.ts";
import { LAN } from "./lan.ts";
import { bind, binds } from "./play.ts";
import type { Exchange6, Scene6 } from "./stage.ts";

function duidOf(number: number): string {
  return Buffer.from(client(number).duid).toString("hex");
}

/** In the pool, outside of it, and of a prefix that is in no pool. */
const HOSTS = [
  { duid: duidOf(1), "ip-addresses": ["2001:db8::a1"] },
  { duid: duidOf(2), "ip-addresses": ["2001:db8::2:2"] },
  { "hw-address": client(3).mac, "ip-addresses": ["2001:db8::2:3"], hostname: "three.example.org" },
  { duid: duidOf(4), prefixes: ["2001:db8:8000:a400::/56"] },
  { duid: duidOf(5), prefixes: ["2001:db8:7000:500::/56"] },
  { duid: duidOf(6), "ip-addresses": ["2001:db8::2:6"], prefixes: ["2001:db8:7000:600::/60"], hostname: "six" },
  { duid: duidOf(7), "ip-addresses": ["2001:db8::2:7", "2001:db8::2:77"] },
  { duid: duidOf(8), prefixes: ["2001:db8:7000:800::/56", "2001:db8:7000:900::/56"] },
  { duid: duidOf(9), hostname: "nine" },
  { duid: duidOf(10), "option-data": [{ name: "dns-servers", data: "2001:db8::5310" }] },
  { duid: duidOf(12), "ip-addresses": [home(12)], prefixes: ["2001:db8:8000:ac00::/56"] },
];

const FQDN: Option = [39, Buffer.concat([hex("01 06"), text("client")])];

const exchanges: Exchange6[] = [
  binds("an address in the pool", client(1), [na(1)]),
  binds("an address outside of the pool", client(2), [na(1)]),
  binds("by hardware address", client(3), [na(1)]),
  binds("a prefix in the pool", client(4), [pd(1)]),
  binds("a prefix outside of the pool", client(5), [pd(1)]),
  binds("an address and a prefix of another length", client(6), [na(1), pd(1)]),
  binds("an address only, and a prefix asked for too", client(2), [na(1), pd(1, homePrefix(2))]),
  binds("two addresses and two associations", client(7), [na(1), na(2)]),
  binds("two prefixes and two associations", client(8), [pd(1), pd(2)]),
  binds("a name", client(9), [na(1, home(9))]),
  binds("options", client(10), [na(1, home(10))]),
  asks("INFORMATION-REQUEST", inform(client(10))),
  {
    title: "a wish for another address and prefix",
    play: async (script) => void (await bind(script, client(12), [na(1, home(112)), pd(1, homePrefix(112))])),
  },
  {
    title: "RENEW, REBIND, CONFIRM and REQUEST",
    async play(script) {
      const reply = await bind(script, client(6), [na(1), pd(1)]);
      await script.ask("RENEW", renew(client(6), held(reply)));
      await script.ask("REBIND", rebind(client(6), held(reply)));
      await script.ask("CONFIRM", confirm(client(6), [na(1, "2001:db8::2:6")]));
      await script.ask("REQUEST", request(client(6), held(reply)));
    },
  },
  {
    title: "a stranger wants what is reserved",
    async play(script) {
      const wishes = [na(1, "2001:db8::a1"), pd(1, "2001:db8:8000:a400::/56")];
      await script.ask("REQUEST", request(client(20), wishes));
    },
  },
  {
    title: "a name from the client",
    async play(script) {
      await script.ask("reserved too", solicit(client(3), [na(1)], { oro: [39], options: [FQDN] }));
      await script.ask("reserved too, without a domain", solicit(client(6), [na(1)], { oro: [39], options: [FQDN] }));
      await script.ask("not reserved", solicit(client(21), [na(1, home(21))], { oro: [39], options: [FQDN] }));
      await script.ask("not asked for", solicit(client(22), [na(1, home(22))], { options: [FQDN] }));
    },
  },
  {
    title: "another association than the one that has the reservation",
    async play(script) {
      await bind(script, client(2), [na(1)]);
      await script.ask("SOLICIT", solicit(client(2), [na(2, home(202))]));
    },
  },
  {
    title: "RELEASE and DECLINE",
    async play(script) {
      await bind(script, client(1), [na(1)]);
      await script.tell("RELEASE", release(client(1), [na(1, "2001:db8::a1")]));
      await bind(script, client(1), [na(1)]);
      await script.tell("DECLINE", decline(client(1), [na(1, "2001:db8::a1")]));
      await script.ask("SOLICIT", solicit(client(1), [na(1, home(201))]));
    },
  },
];

/** One association, and more reserved for it than one. */
const several: Exchange6[] = [
  binds("two addresses and one association", client(7), [na(1)]),
  binds("two prefixes and one association", client(8), [pd(1)]),
];

const GLOBAL = [
  { duid: duidOf(1), "ip-addresses": ["2001:db8::a1"], prefixes: ["2001:db8:7000:100::/56"] },
  { duid: duidOf(2), hostname: "two", "option-data": [{ name: "dns-servers", data: "2001:db8::5302" }] },
  { duid: duidOf(3), "ip-addresses": ["2001:db8:ffff::3"] },
];

const global: Exchange6[] = [
  binds("an address and a prefix", client(1), [na(1), pd(1)]),
  binds("a name and options", client(2), [na(1, home(2))]),
  binds("an address of another network", client(3), [na(1, home(3))]),
];

/** What is reserved later, while somebody else holds it. */
const earlier: Exchange6[] = [
  binds("the stranger comes first", client(30), [na(1, home(40)), pd(1, homePrefix(40))]),
  binds("the owner has something else", client(40), [na(1, home(41)), pd(1, homePrefix(41))]),
];

const later: Exchange6[] = [
  binds("a new owner meets the stranger", client(42), [na(1), pd(1)]),
  asks("the stranger renews", renew(client(30), [na(1, home(40)), pd(1, homePrefix(40))])),
  asks("the owner renews", renew(client(40), [na(1, home(41)), pd(1, homePrefix(41))])),
];

const NEW_HOSTS = [
  { duid: duidOf(40), "ip-addresses": ["2001:db8::2:40"], prefixes: ["2001:db8:7000:4000::/56"] },
  { duid: duidOf(42), "ip-addresses": [home(40)], prefixes: [homePrefix(40)] },
];

const ORO = { oro: [17, 21, 23, 31, 41, 59, 67] };

/** What a pool gives, to whom something in it is reserved. */
const inPools: Exchange6[] = [
  binds("an address in the pool", client(1), [na(1)], ORO),
  binds("an address outside of the pool", client(2), [na(1)], ORO),
  binds("an address in a pool for others", client(3), [na(1)], ORO),
  binds("a prefix of the pool", client(4), [pd(1)], ORO),
  binds("a longer prefix in the pool", client(5), [pd(1)], ORO),
  binds("a shorter prefix in the pool", client(6), [pd(1)], ORO),
  binds("a prefix in no pool", client(8), [pd(1)], ORO),
  binds("a longer prefix in a pool for others", client(9), [pd(1)], ORO),
  binds("an address and a longer prefix", client(10), [na(1), pd(1)], ORO),
  binds("a longer prefix and an address", client(11), [pd(1), na(1)], ORO),
];

const option = (name: string, data: string) => ({ name, data });

const POOLS = {
  ...LAN,
  pools: [
    {
      pool: "2001:db8::10 - 2001:db8::fff",
      "pool-id": 3,
      "require-client-classes": ["a"],
      "option-data": [option("sip-server-dns", "pool.example")],
    },
    {
      pool: "2001:db8::1000 - 2001:db8::1fff",
      "client-class": "others",
      "option-data": [option("sip-server-dns", "others.example")],
    },
  ],
  "pd-pools": [
    {
      prefix: "2001:db8:8000::",
      "prefix-len": 48,
      "delegated-len": 56,
      "excluded-prefix": "2001:db8:8000::",
      "excluded-prefix-len": 64,
      "pool-id": 5,
      "require-client-classes": ["b"],
      "option-data": [option("sntp-servers", "2001:db8::5")],
    },
    {
      prefix: "2001:db8:9000::",
      "prefix-len": 48,
      "delegated-len": 56,
      "client-class": "others",
      "option-data": [option("sntp-servers", "2001:db8::9")],
    },
  ],
  reservations: [
    { duid: duidOf(1), "ip-addresses": ["2001:db8::a1"] },
    { duid: duidOf(2), "ip-addresses": ["2001:db8::2:2"] },
    { duid: duidOf(3), "ip-addresses": ["2001:db8::1003"] },
    { duid: duidOf(4), prefixes: ["2001:db8:8000:a400::/56"] },
    { duid: duidOf(5), prefixes: ["2001:db8:8000:a500::/60"] },
    { duid: duidOf(6), prefixes: ["2001:db8:8000:6000::/52"] },
    { duid: duidOf(8), prefixes: ["2001:db8:7000:800::/60"] },
    { duid: duidOf(9), prefixes: ["2001:db8:9000:900::/60"] },
    { duid: duidOf(10), "ip-addresses": ["2001:db8::aa"], prefixes: ["2001:db8:8000:aa00::/60"] },
    { duid: duidOf(11), "ip-addresses": ["2001:db8::ab"], prefixes: ["2001:db8:8000:ab00::/60"] },
  ],
};

export const reservationScenes: Scene6[] = [
  {
    title: "reservations in pools, where reservations are out of pools",
    config: { "reservations-out-of-pool": true, subnet6: [POOLS] },
    exchanges: inPools.slice(0, 6),
  },
  {
    title: "reservations in pools with options",
    config: {
      "client-classes": [
        { name: "others" },
        { name: "a", test: "member('ALL')", "only-if-required": true, "option-data": [option("bootfile-url", "a")] },
        {
          name: "b",
          test: "member('ALL')",
          "only-if-required": true,
          "option-data": [option("new-posix-timezone", "b")],
        },
      ],
      subnet6: [POOLS],
    },
    exchanges: inPools,
  },
  { title: "reservations", config: { subnet6: [{ ...LAN, reservations: HOSTS }] }, exchanges },
  {
    title: "several leases in one association",
    config: { subnet6: [{ ...LAN, reservations: HOSTS }] },
    exchanges: several,
  },
  {
    title: "reservations off",
    config: { "reservations-in-subnet": false, subnet6: [{ ...LAN, reservations: HOSTS }] },
    exchanges: [
      binds("an address in the pool", client(1), [na(1, home(1))]),
      binds("a stranger wants what is reserved", client(20), [na(1, "2001:db8::a1")]),
    ],
  },
  {
    title: "reservations out of the pool",
    config: { "reservations-out-of-pool": true, subnet6: [{ ...LAN, reservations: HOSTS }] },
    exchanges: [
      binds("an address in the pool", client(1), [na(1, home(1))]),
      binds("an address outside of the pool", client(2), [na(1)]),
      binds("a prefix outside of the pool", client(5), [pd(1)]),
      binds("a stranger wants what is reserved", client(20), [na(1, "2001:db8::a4")]),
    ],
  },
  {
    title: "reservations by hardware address first",
    config: {
      "host-reservation-identifiers": ["hw-address", "duid"],
      subnet6: [
        {
          ...LAN,
          reservations: [
            { duid: duidOf(1), "ip-addresses": ["2001:db8::2:d"] },
            { "hw-address": client(1).mac, "ip-addresses": ["2001:db8::2:e"] },
          ],
        },
      ],
    },
    exchanges: [binds("both", client(1), [na(1)])],
  },
  {
    title: "global reservations",
    config: { "reservations-global": true, reservations: GLOBAL, subnet6: [LAN] },
    exchanges: global,
  },
  {
    title: "a reserved prefix around the pool of addresses",
    config: {
      subnet6: [
        {
          ...LAN,
          reservations: [
            { duid: duidOf(1), prefixes: ["2001:db8::/116"] },
            { duid: duidOf(2), prefixes: ["2001:db8::1000/116"], "ip-addresses": ["2001:db8::1002"] },
          ],
        },
      ],
    },
    exchanges: [
      binds("a stranger before", client(20), [na(1, home(20))]),
      binds("an address and the prefix", client(1), [na(1, home(1)), pd(1)]),
      binds("the prefix first", client(1), [pd(1), na(1)]),
      binds("a prefix, and an address of it", client(2), [pd(1), na(1)]),
      binds("an address of another's prefix", client(2), [na(2, home(2))]),
      binds("a stranger after", client(21), [na(1, home(21)), pd(1, "2001:db8::/116")]),
      asks("renews", renew(client(1), [na(1, home(1)), pd(1, "2001:db8::/116")])),
    ],
  },
  {
    title: "reserved since",
    config: { subnet6: [LAN] },
    exchanges: earlier,
    sequel: { config: { subnet6: [{ ...LAN, reservations: NEW_HOSTS }] }, exchanges: later },
  },
];
