/** Every message type from clients in every state, direct (RFC 8415 §18.3). */
import { asks, tells } from "../scene.ts";
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
  query,
  rebind,
  release,
  renew,
  request,
  solicit,
} from "./client.ts";
import { LAN } from "./lan.ts";
import { bind, binds } from "./play.ts";
import type { Exchange6, Scene6 } from "./stage.ts";

const RAPID_COMMIT = [14, new Uint8Array()] as const;
const ELSEWHERE = "2001:db8:ffff::1";
const PREFIX_ELSEWHERE = "2001:db8:ffff:100::/56";

const solicits: Exchange6[] = [
  asks("SOLICIT of an address", solicit(client(1), [na(1)])),
  asks("SOLICIT of a prefix", solicit(client(2), [pd(1)])),
  asks("SOLICIT of nothing", solicit(client(3), [])),
  asks("SOLICIT of an address in the pool", solicit(client(4), [na(1, home(4))])),
  asks("SOLICIT of an address outside of the pool", solicit(client(5), [na(1, "2001:db8::5:5")])),
  asks("SOLICIT of an address of another network", solicit(client(6), [na(1, ELSEWHERE)])),
  asks("SOLICIT of a prefix outside of the pool", solicit(client(7), [pd(1, PREFIX_ELSEWHERE)])),
  asks("SOLICIT of a prefix length", solicit(client(8), [pd(1, "::/56")])),
  asks("SOLICIT of a longer prefix", solicit(client(9), [pd(1, "2001:db8:8000:900::/64")])),
  asks("SOLICIT of a shorter prefix", solicit(client(10), [pd(1, "2001:db8:8000:a000::/52")])),
  asks(
    "SOLICIT with Rapid Commit where it is off",
    solicit(client(11), [na(1, home(11))], { options: [RAPID_COMMIT] }),
  ),
  asks(
    "SOLICIT of several of each",
    solicit(client(12), [
      na(1, home(12)),
      na(2, home(212)),
      pd(1, homePrefix(12)),
      pd(2, homePrefix(112)),
      na(0xffff_ffff, home(213)),
    ]),
  ),
  asks("SOLICIT of several addresses in one association", solicit(client(13), [na(1, home(13), home(214))])),
  asks(
    "SOLICIT with one IAID for an address and a prefix",
    solicit(client(15), [na(7, home(15)), pd(7, homePrefix(15))]),
  ),
  tells("SOLICIT with an IAID twice", solicit(client(16), [na(1, home(16)), na(1, home(216))])),
  asks("SOLICIT without a list of wishes", solicit(client(17), [na(1, home(17))], { oro: null })),
  tells("SOLICIT with an empty list of wishes", solicit(client(18), [na(1, home(18))], { oro: [] })),
  tells("SOLICIT that names a server", solicit(client(19), [na(1)], { options: [[2, Uint8Array.of(0, 2, 1)]] })),
  {
    title: "SOLICIT of an address that somebody holds",
    async play(script) {
      await bind(script, client(20), [na(1, home(20)), pd(1, homePrefix(20))]);
      await script.ask("SOLICIT", solicit(client(21), [na(1, home(20)), pd(1, homePrefix(20))]));
    },
  },
  {
    title: "SOLICIT of a client that holds a lease",
    async play(script) {
      await bind(script, client(22), [na(1, home(22)), pd(1, homePrefix(22))]);
      await script.ask("again", solicit(client(22), [na(1), pd(1)]));
      await script.ask("for another address", solicit(client(22), [na(1, home(122)), pd(1, homePrefix(122))]));
      await script.ask("for another association", solicit(client(22), [na(2, home(123)), pd(2, homePrefix(123))]));
    },
  },
  asks("IA_TA beside an address", solicit(client(24), [[4, Uint8Array.of(0, 0, 0, 9)], na(1, home(24))])),
  asks(
    "SOLICIT of one address for two associations",
    solicit(client(14), [na(1, home(14)), na(2, home(14)), pd(1, homePrefix(14)), pd(2, homePrefix(14))]),
  ),
];

const requests: Exchange6[] = [
  binds("REQUEST of what was advertised", client(30), [na(1, home(30)), pd(1, homePrefix(30))]),
  binds("REQUEST of several of each", client(31), [
    na(1, home(31)),
    na(2, home(131)),
    pd(1, homePrefix(31)),
    pd(2, homePrefix(131)),
  ]),
  asks("REQUEST without SOLICIT", request(client(32), [na(1, home(32)), pd(1, homePrefix(32))])),
  asks("REQUEST of an address outside of the pool", request(client(33), [na(1, "2001:db8::5:33")])),
  asks("REQUEST of a prefix outside of the pool", request(client(34), [pd(1, PREFIX_ELSEWHERE)])),
  asks("REQUEST of nothing", request(client(35), [])),
  tells("REQUEST to another server", {
    ...request(client(36), [na(1)]),
    options: [[1, client(36).duid], [2, Uint8Array.of(0, 2, 0, 0, 0, 9, 9)], na(1, home(36))],
  }),
  tells("REQUEST to no server", { ...request(client(36), []), options: [[1, client(36).duid], na(1)] }),
  {
    title: "REQUEST of what somebody holds",
    async play(script) {
      await bind(script, client(37), [na(1, home(37)), pd(1, homePrefix(37))]);
      await script.ask("REQUEST", request(client(38), [na(1, home(37)), pd(1, homePrefix(37))]));
    },
  },
  {
    title: "REQUEST sent twice",
    async play(script) {
      const reply = await bind(script, client(39), [na(1, home(39)), pd(1, homePrefix(39))]);
      await script.ask("again", request(client(39), held(reply)));
    },
  },
  {
    title: "REQUEST of another address than the one held",
    async play(script) {
      await bind(script, client(40), [na(1, home(40)), pd(1, homePrefix(40))]);
      await script.ask("REQUEST", request(client(40), [na(1, home(140)), pd(1, homePrefix(140))]));
    },
  },
];

const extensions: Exchange6[] = [
  {
    title: "RENEW and REBIND of what is held",
    async play(script) {
      const reply = await bind(script, client(50), [na(1, home(50)), pd(1, homePrefix(50))]);
      await script.ask("RENEW", renew(client(50), held(reply)));
      await script.ask("REBIND", rebind(client(50), held(reply)));
    },
  },
  {
    title: "RENEW and REBIND with nothing named",
    async play(script) {
      await bind(script, client(51), [na(1, home(51)), pd(1, homePrefix(51))]);
      await script.ask("RENEW", renew(client(51), [na(1), pd(1)]));
      await script.ask("REBIND", rebind(client(51), [na(1), pd(1)]));
    },
  },
  {
    title: "RENEW that names another address of the pool too",
    async play(script) {
      await bind(script, client(52), [na(1, home(52)), pd(1, homePrefix(52))]);
      await script.ask(
        "RENEW",
        renew(client(52), [na(1, home(52), home(152)), pd(1, homePrefix(52), homePrefix(152))]),
      );
    },
  },
  {
    title: "RENEW that names only another address",
    async play(script) {
      await bind(script, client(53), [na(1, home(53)), pd(1, homePrefix(53))]);
      await script.ask("RENEW", renew(client(53), [na(1, home(153)), pd(1, homePrefix(153))]));
    },
  },
  {
    title: "RENEW that names addresses of other networks too",
    async play(script) {
      await bind(script, client(54), [na(1, home(54)), pd(1, homePrefix(54))]);
      await script.ask(
        "RENEW",
        renew(client(54), [na(1, home(54), ELSEWHERE), pd(1, homePrefix(54), PREFIX_ELSEWHERE)]),
      );
    },
  },
  asks("RENEW of a client without a lease", renew(client(55), [na(1, home(55)), pd(1, homePrefix(55))])),
  asks("REBIND of a client without a lease", rebind(client(56), [na(1, home(56)), pd(1, homePrefix(56))])),
  asks("REBIND of addresses of another network", rebind(client(57), [na(1, ELSEWHERE), pd(1, PREFIX_ELSEWHERE)])),
  {
    title: "RENEW of one association that is known and one that is not",
    async play(script) {
      await bind(script, client(58), [na(1, home(58))]);
      await script.ask("RENEW", renew(client(58), [na(1, home(58)), na(2, home(158)), pd(1, homePrefix(58))]));
    },
  },
  {
    title: "RENEW of what somebody else holds",
    async play(script) {
      await bind(script, client(59), [na(1, home(59)), pd(1, homePrefix(59))]);
      await script.ask("RENEW", renew(client(60), [na(1, home(59)), pd(1, homePrefix(59))]));
      await script.ask("REBIND", rebind(client(60), [na(1, home(59)), pd(1, homePrefix(59))]));
    },
  },
  asks("RENEW of nothing", renew(client(61), [])),
  asks("REBIND of nothing", rebind(client(62), [])),
  tells("REBIND that names a server", { ...renew(client(63), [na(1)]), type: 6 }),
  asks("REQUEST of an address of another network", request(client(64), [na(1, ELSEWHERE)])),
];

const checks: Exchange6[] = [
  {
    title: "CONFIRM of what is held",
    async play(script) {
      const reply = await bind(script, client(70), [na(1, home(70)), pd(1, homePrefix(70))]);
      await script.ask("CONFIRM", confirm(client(70), held(reply)));
    },
  },
  asks("CONFIRM of an address nobody holds", confirm(client(71), [na(1, home(71))])),
  asks("CONFIRM of an address outside of the pool", confirm(client(72), [na(1, "2001:db8::5:72")])),
  asks("CONFIRM of an address of another network", confirm(client(73), [na(1, ELSEWHERE)])),
  asks("CONFIRM of addresses of both", confirm(client(74), [na(1, home(74), ELSEWHERE)])),
  asks("CONFIRM of associations of both", confirm(client(75), [na(1, home(75)), na(2, ELSEWHERE)])),
  tells("CONFIRM without an address", confirm(client(76), [na(1)])),
  tells("CONFIRM of nothing", confirm(client(77), [])),
  tells("CONFIRM of a prefix", confirm(client(78), [pd(1, homePrefix(78))])),
  asks("INFORMATION-REQUEST", inform(client(79))),
  asks("INFORMATION-REQUEST of nobody", { mac: client(80).mac, type: 11, options: [[6, Uint8Array.of(0, 23)]] }),
  asks("INFORMATION-REQUEST that names the server", {
    ...inform(client(81)),
    options: [
      [2, Uint8Array.of(0, 2, 0, 0, 0x7e, 0xd9, 1, 2, 3, 4)],
      [6, Uint8Array.of(0, 23)],
    ],
  }),
  tells("INFORMATION-REQUEST that names another server", {
    ...inform(client(82)),
    options: [
      [2, Uint8Array.of(0, 2, 0, 0, 0, 9, 9)],
      [6, Uint8Array.of(0, 23)],
    ],
  }),
  tells("INFORMATION-REQUEST with an association", inform(client(83), { options: [na(1)] })),
];

const endings: Exchange6[] = [
  {
    title: "RELEASE of what is held, and again",
    async play(script) {
      const reply = await bind(script, client(90), [na(1, home(90)), pd(1, homePrefix(90))]);
      await script.ask("RELEASE", release(client(90), held(reply)));
      await script.ask("again", release(client(90), held(reply)));
    },
  },
  {
    title: "RELEASE of one of two associations",
    async play(script) {
      await bind(script, client(91), [na(1, home(91)), na(2, home(191))]);
      await script.ask("RELEASE", release(client(91), [na(1, home(91))]));
      await script.ask("RENEW", renew(client(91), [na(2, home(191))]));
    },
  },
  {
    title: "RELEASE of what somebody else holds",
    async play(script) {
      await bind(script, client(92), [na(1, home(92)), pd(1, homePrefix(92))]);
      await script.ask("RELEASE", release(client(93), [na(1, home(92)), pd(1, homePrefix(92))]));
      await script.ask("RENEW", renew(client(92), [na(1, home(92)), pd(1, homePrefix(92))]));
    },
  },
  {
    title: "RELEASE under another IAID",
    async play(script) {
      await bind(script, client(94), [na(1, home(94)), pd(1, homePrefix(94))]);
      await script.ask("RELEASE", release(client(94), [na(2, home(94)), pd(2, homePrefix(94))]));
    },
  },
  {
    title: "RELEASE of what is held and what is not",
    async play(script) {
      await bind(script, client(95), [na(1, home(95))]);
      await script.ask("RELEASE", release(client(95), [na(1, home(95)), na(2, home(195)), pd(1, homePrefix(95))]));
    },
  },
  {
    title: "RELEASE without an address",
    async play(script) {
      await bind(script, client(96), [na(1, home(96)), pd(1, homePrefix(96))]);
      await script.ask("RELEASE", release(client(96), [na(1), pd(1)]));
    },
  },
  asks("RELEASE of nothing", release(client(97), [])),
  {
    title: "RELEASE of a prefix with another length",
    async play(script) {
      await bind(script, client(98), [pd(1, homePrefix(98))]);
      await script.ask("RELEASE", release(client(98), [pd(1, homePrefix(98).replace("/56", "/60"))]));
    },
  },
  {
    title: "DECLINE of what is held, then SOLICIT",
    async play(script) {
      await bind(script, client(100), [na(1, home(100)), pd(1, homePrefix(100))]);
      await script.ask("DECLINE", decline(client(100), [na(1, home(100))]));
      await script.ask("SOLICIT of it", solicit(client(100), [na(1, home(100))]));
      await script.ask("another client wants it", solicit(client(101), [na(1, home(100))]));
    },
  },
  {
    title: "DECLINE of what somebody else holds",
    async play(script) {
      await bind(script, client(102), [na(1, home(102))]);
      await script.ask("DECLINE", decline(client(103), [na(1, home(102))]));
      await script.ask("RENEW", renew(client(102), [na(1, home(102))]));
    },
  },
  {
    title: "DECLINE under another IAID",
    async play(script) {
      await bind(script, client(104), [na(1, home(104))]);
      await script.ask("DECLINE", decline(client(104), [na(2, home(104))]));
    },
  },
  {
    title: "DECLINE of a prefix",
    async play(script) {
      await bind(script, client(105), [na(1, home(105)), pd(1, homePrefix(105))]);
      await script.tell("DECLINE", decline(client(105), [pd(1, homePrefix(105))]));
    },
  },
  asks("DECLINE of what nobody holds", decline(client(106), [na(1, home(106))])),
  tells("DECLINE without an address", decline(client(107), [na(1)])),
  tells("DECLINE of nothing", decline(client(108), [])),
];

/** Types of RFC 8415 that a server does not answer, of other RFCs, and of none. */
const others: Exchange6[] = [0, 2, 7, 10, 13, 14, 20, 36, 255].map((type) =>
  tells(`a message of type ${type}`, query(client(120), type, [na(1)])),
);

const rapid: Exchange6[] = [
  asks(
    "SOLICIT with Rapid Commit",
    solicit(client(1), [na(1, home(1)), pd(1, homePrefix(1))], { options: [RAPID_COMMIT] }),
  ),
  asks("SOLICIT without", solicit(client(2), [na(1, home(2))])),
  {
    title: "SOLICIT with Rapid Commit sent twice",
    async play(script) {
      await script.ask("SOLICIT", solicit(client(3), [na(1, home(3))], { options: [RAPID_COMMIT] }));
      await script.ask("again", solicit(client(3), [na(1, home(3))], { options: [RAPID_COMMIT] }));
    },
  },
  asks("of a prefix that there is not", solicit(client(4), [pd(1, PREFIX_ELSEWHERE)], { options: [RAPID_COMMIT] })),
];

/** What prefixes are given for a hint where pools differ in length. */
const lengths: Exchange6[] = [
  ["one of the second pool", "2001:db8:9000:a0::/60"],
  ["an address of the second pool, of the first one's length", "2001:db8:9000:200::/56"],
  ["an address of the first pool, of the second one's length", "2001:db8:8000:330::/60"],
  ["an address of the second pool, shorter", "2001:db8:9000:500::/58"],
  ["the second length", "::/60"],
  ["a length between", "::/58"],
  ["a shorter length", "::/48"],
  ["a longer length", "::/64"],
  ["an address of the first pool, of no pool's length", "2001:db8:8000:440::/62"],
].map(([title, hint], i) => asks(title!, solicit(client(1 + i), [pd(1, hint!)])));

const TWO_LENGTHS = [...LAN["pd-pools"], { prefix: "2001:db8:9000::", "prefix-len": 48, "delegated-len": 60 }];

export const stateScenes: Scene6[] = [
  { title: "SOLICIT", config: { subnet6: [LAN] }, exchanges: solicits },
  { title: "REQUEST, RENEW and REBIND", config: { subnet6: [LAN] }, exchanges: [...requests, ...extensions] },
  {
    title: "CONFIRM, RELEASE, DECLINE and INFORMATION-REQUEST",
    config: { subnet6: [LAN] },
    exchanges: [...checks, ...endings, ...others],
  },
  { title: "prefix lengths", config: { subnet6: [{ ...LAN, "pd-pools": TWO_LENGTHS }] }, exchanges: lengths },
  { title: "rapid commit", config: { subnet6: [{ ...LAN, "rapid-commit": true }] }, exchanges: rapid },
];
