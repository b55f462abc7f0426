/** Through relays: RFC 8415 §19.3, 6221 (lightweight), 6422 (RSOO), 4649, 4580, 5460 (names of lines), 6939, 8357 (port). */
import { hex, text, u16 } from "@kotare/testkit/payloads";
import type { Option } from "../../wire/message4.ts";
import { encodeOptions6 } from "../../wire/message6.ts";
import type { Route6 } from "../../wire/probe6.ts";
import { asks, tells } from "../scene.ts";
import {
  client,
  confirm,
  decline,
  held,
  inform,
  na,
  pd,
  type Query,
  type RelaySpec,
  rebind,
  relayed,
  release,
  renew,
  solicit,
  UNICAST,
} from "./client.ts";
import { LAN } from "./lan.ts";
import { bind, binds } from "./play.ts";
import type { Exchange6, Scene6 } from "./stage.ts";

const FLOOR: RelaySpec = { link: "2001:db8:1::1" };
const BACKBONE: RelaySpec = { link: "2001:db8:2::1" };
/** A switch that only adds options. */
const SWITCH: RelaySpec = { link: "::", options: [[18, text("port 3")]] };

function through(...relays: readonly RelaySpec[]): (query: Query) => [Query, Partial<Route6>] {
  return (query) => relayed(query, ...relays);
}

/** A relay of the floor that adds options. */
function saying(...options: readonly Option[]): RelaySpec {
  return { ...FLOOR, options };
}

/** What a client of the floor wants; numbers above 255 are for clients with two associations. */
function floorHome(number: number): Option[] {
  return [na(1, `2001:db8:1::${(0x100 + number).toString(16)}`), pd(1, `2001:db8:8100:${number.toString(16)}00::/56`)];
}

/** So many relays in a row, the one next to the client on the floor. */
function row(count: number): RelaySpec[] {
  return [FLOOR, ...Array.from({ length: count - 1 }, () => BACKBONE)];
}

const usual: Exchange6[] = [
  binds("bound through one relay", client(1), floorHome(1), { via: through(FLOOR) }),
  binds("bound through two relays", client(2), floorHome(2), { via: through(FLOOR, BACKBONE) }),
  binds("bound through a switch and a relay", client(3), floorHome(3), { via: through(SWITCH, FLOOR) }),
  binds("bound through a relay and a switch", client(4), floorHome(4), { via: through(FLOOR, SWITCH) }),
  {
    title: "RENEW and REBIND",
    async play(script) {
      const reply = await bind(script, client(5), floorHome(5), { via: through(FLOOR) });
      await script.ask("RENEW", ...relayed(renew(client(5), held(reply)), FLOOR));
      await script.ask("REBIND", ...relayed(rebind(client(5), held(reply)), FLOOR, BACKBONE));
    },
  },
  {
    title: "CONFIRM: right and wrong",
    async play(script) {
      const reply = await bind(script, client(6), floorHome(6), { via: through(FLOOR) });
      await script.ask("right", ...relayed(confirm(client(6), held(reply)), FLOOR));
      await script.ask("on another floor", ...relayed(confirm(client(6), held(reply)), BACKBONE));
      await script.ask("on the server's link", confirm(client(6), held(reply)));
    },
  },
  {
    title: "RENEW and REBIND on another floor",
    async play(script) {
      const reply = await bind(script, client(7), floorHome(7), { via: through(FLOOR) });
      await script.ask("REBIND", ...relayed(rebind(client(7), held(reply)), BACKBONE));
    },
  },
  {
    title: "RELEASE and DECLINE",
    async play(script) {
      const reply = await bind(script, client(8), floorHome(8), { via: through(FLOOR) });
      await script.ask("RELEASE", ...relayed(release(client(8), held(reply)), FLOOR));
      const second = await bind(script, client(9), floorHome(9), { via: through(FLOOR) });
      await script.ask("DECLINE", ...relayed(decline(client(9), held(second)), FLOOR));
    },
  },
  asks("INFORMATION-REQUEST", ...relayed(inform(client(10)), FLOOR)),
  tells("SOLICIT from no network", ...relayed(solicit(client(11), [na(1), pd(1)]), { link: "2001:db8:77::1" })),
  tells("REBIND from no network", ...relayed(rebind(client(12), floorHome(12)), { link: "2001:db8:77::1" })),
  tells("RENEW from no network", ...relayed(renew(client(12), floorHome(12)), { link: "2001:db8:77::1" })),
  tells("CONFIRM from no network", ...relayed(confirm(client(13), floorHome(13)), { link: "2001:db8:77::1" })),
  tells("INFORMATION-REQUEST from no network", ...relayed(inform(client(14)), { link: "2001:db8:77::1" })),
  binds("a relay named by `relay`", client(15), [na(1, "2001:db8:3::115")], {
    via: through({ link: "2001:db8:ffff::9" }),
  }),
  binds("a link named by interface-id", client(16), [na(1, "2001:db8:4::116")], {
    via: through(saying([18, text("port 7")])),
  }),
  binds("a link named by the interface-id of the farther relay", client(17), [na(1, "2001:db8:4::117")], {
    via: through(FLOOR, { ...BACKBONE, options: [[18, text("port 7")]] }),
  }),
  asks("an interface-id nobody knows", ...relayed(solicit(client(18), floorHome(18)), saying([18, hex("00ff00")]))),
  asks("an empty interface-id", ...relayed(solicit(client(19), floorHome(19)), saying([18, new Uint8Array()]))),
  tells("no link-address", ...relayed(solicit(client(20), [na(1, "2001:db8::120")]), { link: "::" })),
  tells("a link-local link-address", ...relayed(solicit(client(21), [na(1, "2001:db8::121")]), { link: "fe80::1" })),
  asks("hop counts that are wrong", ...relayed(solicit(client(22), floorHome(22)), { ...FLOOR, hops: 9 }, BACKBONE)),
  asks("a hop count of 32", ...relayed(solicit(client(23), floorHome(23)), { ...FLOOR, hops: 32 })),
  asks("a hop count of 255", ...relayed(solicit(client(23), floorHome(23)), { ...FLOOR, hops: 255 })),
  asks("a peer of no link", ...relayed(solicit(client(24), floorHome(24)), { ...FLOOR, peer: "::" })),
  asks("8 relays", ...relayed(solicit(client(25), floorHome(25)), ...row(8))),
  asks("31 relays", ...relayed(solicit(client(26), floorHome(26)), ...row(31))),
  tells("32 relays", ...relayed(solicit(client(27), floorHome(27)), ...row(32))),
  tells("33 relays", ...relayed(solicit(client(28), floorHome(28)), ...row(33))),
  {
    title: "leases move with their client to another floor",
    async play(script) {
      await bind(script, client(29), floorHome(29), { via: through(FLOOR) });
      await bind(script, client(29), [na(1, "2001:db8:2::129"), pd(1)], { via: through(BACKBONE) });
    },
  },
];

function rsoo(...options: readonly Option[]): Option {
  return [66, encodeOptions6(options)];
}

const ERP = [65, hex("04 6c6f6373 00")] as const;
const DNS = [23, hex("20010db8 00000000 00000000 00000099")] as const;
const SIP = [22, hex("20010db8 00000000 00000000 00000098")] as const;
const NTP = [31, hex("20010db8 00000000 00000000 00000097")] as const;

const wishes = { oro: [22, 23, 31, 65] };

const extensions: Exchange6[] = [
  binds("names of the line", client(40), floorHome(40), {
    via: through(
      saying([18, text("port")], [37, hex("00000009 0102")], [38, text("subscriber")], [53, hex("0003 0001")]),
    ),
  }),
  binds("the client's link-layer address", client(41, hex("0002 00000009 41")), floorHome(41), {
    via: through(saying([79, hex("0001 02dd00000041")])),
  }),
  asks(
    "a relay that wants its answer elsewhere",
    ...withPort(relayed(solicit(client(42), floorHome(42)), saying([135, u16(0)])), 4547),
  ),
  asks(
    "a relay on another port that does not say so",
    ...withPort(relayed(solicit(client(43), floorHome(43)), FLOOR), 4547),
  ),
  asks(
    "the farther relay wants its answer elsewhere",
    ...withPort(relayed(solicit(client(44), floorHome(44)), FLOOR, { ...BACKBONE, options: [[135, u16(547)]] }), 4547),
  ),
  asks(
    "options nobody knows",
    ...relayed(solicit(client(45), floorHome(45)), saying([4711, hex("01")], [18, text("x")])),
  ),
  asks(
    "RSOO: the option that every relay may supply",
    ...relayed(solicit(client(46), floorHome(46)), saying(rsoo(ERP))),
  ),
  asks(
    "RSOO: what is allowed, asked for",
    ...relayed(solicit(client(47), floorHome(47), wishes), saying(rsoo(ERP, SIP, NTP))),
  ),
  asks(
    "RSOO: what is allowed, not asked for",
    ...relayed(solicit(client(48), floorHome(48), { oro: [24] }), saying(rsoo(ERP, SIP))),
  ),
  asks("RSOO: the server's own value wins", ...relayed(solicit(client(49), floorHome(49), wishes), saying(rsoo(DNS)))),
  asks(
    "RSOO: the relay nearest to the client wins",
    ...relayed(solicit(client(50), floorHome(50), wishes), saying(rsoo(SIP)), {
      ...BACKBONE,
      options: [rsoo([22, hex("20010db8 00000000 00000000 00000096")], ERP)],
    }),
  ),
  asks("RSOO: one option twice", ...relayed(solicit(client(51), floorHome(51), wishes), saying(rsoo(SIP, SIP)))),
  asks("RSOO: in an INFORMATION-REQUEST", ...relayed(inform(client(52), wishes), saying(rsoo(ERP, SIP)))),
  asks("RSOO: empty", ...relayed(solicit(client(53), floorHome(53), wishes), saying(rsoo()))),
  asks(
    "RSOO: from the client itself",
    solicit(client(54), [na(1, "2001:db8::154")], { ...wishes, options: [rsoo(SIP)] }),
  ),
];

function withPort([query, route]: [Query, Partial<Route6>], sourcePort: number): [Query, Partial<Route6>] {
  return [query, { ...route, sourcePort }];
}

const byUnicast: Exchange6[] = [
  tells("SOLICIT", solicit(client(1), [na(1, "2001:db8::101")]), UNICAST),
  {
    title: "RENEW, REBIND, CONFIRM, DECLINE and RELEASE",
    async play(script) {
      const reply = await bind(script, client(2), [na(1, "2001:db8::102"), pd(1, "2001:db8:8000:200::/56")]);
      await script.ask("RENEW", renew(client(2), held(reply)), UNICAST);
      await script.tell("REBIND", rebind(client(2), held(reply)), UNICAST);
      await script.tell("CONFIRM", confirm(client(2), held(reply)), UNICAST);
      await script.ask("RELEASE", release(client(2), [pd(1, "2001:db8:8000:200::/56")]), UNICAST);
      await script.ask("DECLINE", decline(client(2), [na(1, "2001:db8::102")]), UNICAST);
    },
  },
  tells("INFORMATION-REQUEST", inform(client(3)), UNICAST),
  {
    title: "a relay",
    async play(script) {
      const [message, route] = relayed(solicit(client(4), floorHome(4)), FLOOR);
      await script.ask("SOLICIT", message, { ...route, ...UNICAST });
    },
  },
];

const floor = (id: number, extra = {}) => ({
  id,
  subnet: `2001:db8:${id - 1}::/64`,
  pools: [{ pool: `2001:db8:${id - 1}::10 - 2001:db8:${id - 1}::fff` }],
  ...extra,
});

const FLOORS = [
  LAN,
  floor(2, {
    "pd-pools": [{ prefix: "2001:db8:8100::", "prefix-len": 48, "delegated-len": 56 }],
    "option-data": LAN["option-data"],
  }),
  floor(3),
  floor(4, { relay: { "ip-addresses": ["2001:db8:ffff::9"] } }),
  floor(5, { "interface-id": "port 7" }),
];

export const relayedScenes: Scene6[] = [
  { title: "relayed", config: { subnet6: FLOORS }, exchanges: usual },
  {
    title: "relay extensions",
    config: { "relay-supplied-options": ["22", "dns-servers"], "store-extended-info": true, subnet6: FLOORS },
    exchanges: extensions,
  },
  {
    title: "unicast",
    config: {
      "interfaces-config": { interfaces: ["eth0", "eth0/2001:db8::1"] },
      "option-data": [{ name: "unicast", data: "2001:db8::1" }],
      subnet6: FLOORS,
    },
    exchanges: byUnicast,
  },
];
