/** What goes with the leases of a shared network: the times, options and classes of the subnets that they are of. */
import type { Option } from "../../wire/message4.ts";
import { reservedScenes } from "../reserved-in-network.ts";
import { client, held, inform, na, pd, rebind, renew, request, solicit } from "./client.ts";
import { bind, binds } from "./play.ts";
import type { Exchange6, Scene6 } from "./stage.ts";

const option = (name: string, data: string) => ({ name, data });
const ORO = [21, 23, 24, 31, 41, 59];
const EXTRA = { oro: ORO };
const duidOf = (number: number) => Buffer.from(client(number).duid).toString("hex");

const FIRST = {
  id: 1,
  subnet: "2001:db8::/64",
  pools: [{ pool: "2001:db8::10/127", "option-data": [option("sip-server-dns", "first.example")] }],
  "pd-pools": [{ prefix: "2001:db8:8000::", "prefix-len": 55, "delegated-len": 56 }],
  "valid-lifetime": 1000,
  "preferred-lifetime": 900,
  "renew-timer": 100,
  "rebind-timer": 200,
  "require-client-classes": ["a"],
  "option-data": [option("dns-servers", "2001:db8::53"), option("domain-search", "first.example")],
};
const SECOND = {
  id: 2,
  subnet: "2001:db8:3::/64",
  pools: [{ pool: "2001:db8:3::10 - 2001:db8:3::1f", "option-data": [option("sip-server-dns", "second.example")] }],
  "pd-pools": [
    {
      prefix: "2001:db8:9000::",
      "prefix-len": 48,
      "delegated-len": 56,
      "option-data": [option("sntp-servers", "2001:db8:3::123")],
    },
  ],
  "valid-lifetime": 500,
  "preferred-lifetime": 400,
  "renew-timer": 50,
  "rebind-timer": 60,
  "require-client-classes": ["b"],
  "option-data": [option("dns-servers", "2001:db8:3::53"), option("domain-search", "second.example")],
  reservations: [
    {
      duid: duidOf(11),
      "ip-addresses": ["2001:db8:3::99"],
      "option-data": [option("domain-search", "host.example")],
    },
    { duid: duidOf(12), prefixes: ["2001:db8:9000:1200::/56"] },
    { duid: duidOf(13), "option-data": [option("domain-search", "nowhere.example")] },
  ],
};

/** All that a client says with its leases. */
function lives(title: string, number: number, ias: readonly Option[]): Exchange6 {
  const who = client(number);
  return {
    title,
    async play(script) {
      const reply = await bind(script, who, ias, EXTRA);
      await script.ask("RENEW", renew(who, held(reply), EXTRA));
      await script.ask("RENEW, the other way round", renew(who, held(reply).toReversed(), EXTRA));
      await script.ask("REBIND", rebind(who, held(reply), EXTRA));
      await script.ask("SOLICIT again", solicit(who, held(reply), EXTRA));
      await script.ask("REQUEST again", request(who, held(reply), EXTRA));
      await script.ask("INFORMATION-REQUEST", inform(who, EXTRA));
    },
  };
}

const A = ["2001:db8::10", "2001:db8:8000::/56"] as const;
const B = (number: number) => [`2001:db8:3::${number}`, `2001:db8:9000:${number}00::/56`] as const;

const brings: Scene6 = {
  title: "networks: what leases of the second subnet bring",
  config: {
    "client-classes": [
      { name: "a", test: "member('ALL')", "only-if-required": true, "option-data": [option("bootfile-url", "a")] },
      {
        name: "b",
        test: "member('ALL')",
        "only-if-required": true,
        "option-data": [option("new-posix-timezone", "b")],
      },
    ],
    "shared-networks": [{ name: "floor", interface: "eth0", subnet6: [FIRST, SECOND] }],
  },
  exchanges: [
    lives("an address of the first, a prefix of the second", 4, [na(1, A[0]), pd(1, B(15)[1])]),
    lives("an address of the second, a prefix of the first", 5, [na(1, B(16)[0]), pd(1, A[1])]),
    lives("an address of each, the second's first", 6, [na(1, B(17)[0]), na(2, "2001:db8::11")]),
    lives("the first is full", 7, [na(1)]),
    lives("an address of the second", 1, [na(1, B(11)[0])]),
    lives("a prefix of the second", 2, [pd(1, B(12)[1])]),
    lives("both of the second", 3, [na(1, B(13)[0]), pd(1, B(13)[1])]),
    lives("reserved in the second", 11, [na(1)]),
    lives("a prefix that is reserved in the second", 12, [pd(1)]),
    lives("a reservation without anything", 13, [na(1, B(14)[0])]),
  ],
};

export const networkScenes: readonly Scene6[] = [
  brings,
  ...reservedScenes({
    subnets: "subnet6",
    first: { subnet: "2001:db8::/64", pools: [{ pool: "2001:db8::10 - 2001:db8::99" }] },
    second: { subnet: "2001:db8:3::/64", pools: [{ pool: "2001:db8:3::10 - 2001:db8:3::99" }] },
    identify: (number) => ({ duid: duidOf(number) }),
    place: (number) => ({ "ip-addresses": [`2001:db8:3::10${number}`] }),
    options: {
      global: option("bootfile-url", "global"),
      own: option("new-posix-timezone", "own"),
      none: option("sip-server-dns", "none.example"),
    },
    bind: (title, number, wants) =>
      binds(title, client(number), [wants ? na(1, `2001:db8::1${number}`) : na(1)], EXTRA),
  }),
];
