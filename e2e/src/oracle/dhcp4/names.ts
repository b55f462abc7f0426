/** Names in the DNS: which a client gets, what its answers say, and what the DNS updater is asked for. */
import { hex, ip, text } from "@kotare/testkit/payloads";
import type { Option } from "../../wire/message4.ts";
import {
  type Client,
  client,
  decline,
  discover,
  extend,
  initReboot,
  macClientId,
  release,
  selecting,
  unicast,
} from "./client.ts";
import { LAN } from "./lan.ts";
import { bind, binds } from "./play.ts";
import type { Exchange4, Scene4 } from "./stage.ts";

const UPDATES = { "enable-updates": true };
const NAMED = { "dhcp-ddns": UPDATES, "ddns-qualifying-suffix": "example.org", "valid-lifetime": 7200 };

const S = 1;
const O = 2;
const E = 4;
const N = 8;

function ascii(flags: number, name: string): Option {
  return [81, Uint8Array.of(flags, 0, 0, ...text(name))];
}

/** In wire form; a name that ends in a dot is fully qualified. */
export function wire(flags: number, name: string): Option {
  const labels =
    name === ""
      ? []
      : name
          .replace(/^\.$/, "")
          .split(".")
          .flatMap((label) => (label === "" ? [0] : [label.length, ...text(label)]));
  return [81, Uint8Array.of(flags | E, 0, 0, ...labels)];
}

const host = (name: string): Option => [12, text(name)];

/** Each binds a client of its own, numbered from `first`. */
function bindEach(first: number, table: readonly (readonly [string, ...Option[]])[]): Exchange4[] {
  return table.map(([title, ...options], i) => binds(title, client(first + i), { options, prl: [1, 3, 12, 81] }));
}

const FLAGS = [0, S, O, S | O, N, N | O];

const flags: Exchange4[] = [
  ...bindEach(
    1,
    FLAGS.map((bits) => [`flags ${bits}, full name`, wire(bits, `f${bits}.example.com.`)] as const),
  ),
  ...bindEach(
    21,
    FLAGS.map((bits) => [`flags ${bits}, partial name`, wire(bits, `p${bits}`)] as const),
  ),
  ...bindEach(
    41,
    FLAGS.map((bits) => [`flags ${bits}, no name`, wire(bits, "")] as const),
  ),
  ...bindEach(
    61,
    FLAGS.map((bits) => [`flags ${bits}, ASCII`, ascii(bits, `A${bits}.Example.COM`)] as const),
  ),
];

const names: Exchange4[] = [
  ...bindEach(1, [
    ["host name", host("One")],
    ["host name with a domain", host("two.example.net")],
    ["host name with the suffix already", host("three.example.org")],
    ["host name that ends in a dot", host("four.")],
    ["host name of one dot", host(".")],
    ["host name with an empty label", host("a..b")],
    ["host name and FQDN", host("six"), wire(S, "seven.example.com.")],
    ["neither"],
    ["FQDN of one label, complete", wire(S, "single.")],
    ["FQDN of two labels, partial", wire(S, "two.labels")],
    ["FQDN with the suffix already, partial", wire(S, "eight.example.org")],
    ["FQDN that ends like the suffix", wire(S, "nineexample.org")],
    ["host name that ends like the suffix", host("tenexample.org")],
    ["FQDN in capitals", wire(S, "ELEVEN.Example.Com.")],
    ["host name in blanks", host("  twelve  ")],
    ["FQDN of the root", wire(S, ".")],
    ["host name of 63 characters", host("x".repeat(63))],
    ["host name of 64 characters", host("x".repeat(64))],
  ]),
];

/** Characters that names must not have. */
const unclean: Exchange4[] = bindEach(1, [
  ["host name with blanks", host("my host")],
  ["host name with an underscore", host("my_host")],
  ["host name of none but such characters", host("___")],
  ["host name, a label of none but such characters", host("a.__.b")],
  ["host name that is complete", host("my_host.example.net")],
  ["FQDN with an underscore", wire(S, "my_host.example.net.")],
  ["FQDN of none but such characters", wire(S, "___")],
  ["FQDN, a label of none but such characters", wire(S, "a.__.b.")],
  ["FQDN, first label of none but such characters", wire(S, "__.b.")],
  ["FQDN with a dot in a label", [81, hex("050000 03612e62 03636f6d 00")]],
  ["FQDN with a byte above 127", [81, hex("050000 0361e962 03636f6d 00")]],
  ["host name with a byte above 127", [12, hex("61e962")]],
  ["host name with a hyphen first", host("-abc")],
]);

const reserved = [
  { "hw-address": client(1).mac, hostname: "Printer" },
  { "hw-address": client(2).mac, hostname: "printer.example.net" },
  { "hw-address": client(3).mac, hostname: "printer.example.org" },
  { "hw-address": client(4).mac, hostname: "printer4", "ip-address": "10.0.0.204" },
  { "hw-address": client(5).mac, hostname: "Printer5" },
  { "hw-address": client(6).mac, hostname: "Printer6" },
  { "hw-address": client(7).mac, hostname: "printer7.example.net." },
];

const reservations: Exchange4[] = [
  ...bindEach(1, [
    ["reserved name, host name", host("other")],
    ["reserved name with a domain, host name", host("other")],
    ["reserved name with the suffix, host name", host("other")],
    ["reserved name, neither"],
    ["reserved name, FQDN with S", wire(S, "other.example.com.")],
    ["reserved name, FQDN without S", wire(0, "other.example.com.")],
    ["reserved name that is complete", host("other")],
  ]),
  binds("reserved name, not asked for", client(4), { prl: [1, 3], wanted: "10.0.0.204" }),
];

const LEASED: [string, Client][] = [
  ["by hardware address", client(1)],
  ["by client identifier", client(2, macClientId(client(2).mac))],
  ["by DUID", client(3, hex("ff 00000001 0003 0001 020000000003"))],
];

/** What becomes of a name during its lease's life. */
const lives: Exchange4[] = LEASED.flatMap(([title, who], i) => {
  const address = `10.0.0.${101 + i}`;
  const name = (label: string) => ({ options: [wire(S, `${label}${i}.example.com.`)] });
  return [
    binds(`${title}: bound`, who, { wanted: address, ...name("a") }),
    {
      title: `${title}: renews`,
      play: async (script) => void (await script.ask("it", extend(who, address, name("a")), unicast(address))),
    },
    {
      title: `${title}: another name`,
      play: async (script) => void (await script.ask("it", extend(who, address, name("b")), unicast(address))),
    },
    {
      title: `${title}: no name any more`,
      play: async (script) => void (await script.ask("it", extend(who, address), unicast(address))),
    },
    {
      title: `${title}: a name again`,
      play: async (script) => void (await script.ask("it", extend(who, address, name("a")), unicast(address))),
    },
    {
      title: `${title}: does it itself now`,
      play: async (script) =>
        void (await script.ask(
          "it",
          extend(who, address, { options: [wire(0, `a${i}.example.com.`)] }),
          unicast(address),
        )),
    },
    {
      title: `${title}: reboots`,
      play: async (script) => void (await script.ask("it", initReboot(who, address, name("a")))),
    },
    { title: `${title}: releases`, play: (script) => script.tell("it", release(who, address), unicast(address)) },
    binds(`${title}: bound again`, who, { wanted: address, ...name("a") }),
    { title: `${title}: declines`, play: (script) => script.tell("it", decline(who, address)) },
  ];
});

const moves: Exchange4[] = [
  {
    title: "an address goes to another client with another name",
    async play(script) {
      await bind(script, client(11), { wanted: "10.0.0.111", options: [host("first")] });
      await script.pause(0.1); // a name that goes at once is not even added
      await script.tell("releases", release(client(11), "10.0.0.111"), unicast("10.0.0.111"));
      await script.pause(1.1);
      await bind(script, client(12), { wanted: "10.0.0.111", options: [host("second")] });
    },
  },
  {
    title: "a DISCOVER asks for nothing",
    play: async (script) => void (await script.ask("it", discover(client(13), { options: [host("thirteen")] }))),
  },
  {
    title: "a client moves to its reserved address",
    async play(script) {
      const offer = await script.ask(
        "DISCOVER",
        discover(client(14), { options: [[50, ip("10.0.0.150")], host("mover")] }),
      );
      await script.ask("REQUEST", selecting(client(14), offer, { options: [host("mover")] }));
    },
  },
];

const replacing = bindEach(1, [
  ["host name", host("one")],
  ["FQDN", wire(S, "two.example.com.")],
  ["FQDN without S", wire(0, "three.example.com.")],
  ["neither"],
  ["FQDN without name", wire(S, "")],
  ["partial FQDN", wire(S, "five")],
]);

function scene(title: string, exchanges: readonly Exchange4[], keys: object = {}, subnet: object = {}): Scene4 {
  return { title, config: { ...NAMED, subnet4: [{ ...LAN, ...subnet }], ...keys }, exchanges };
}

const few = bindEach(1, [
  ["host name", host("one")],
  ["FQDN with S", wire(S, "two.example.com.")],
  ["FQDN without S", wire(0, "three.example.com.")],
  ["FQDN with N", wire(N, "four.example.com.")],
]);

/** What the subnet says counts before what its network says, and that before the global scope. */
const inherited = {
  subnet4: [],
  "shared-networks": [
    {
      name: "net",
      "ddns-qualifying-suffix": "network.example",
      "ddns-generated-prefix": "net",
      "ddns-conflict-resolution-mode": "no-check-without-dhcid",
      subnet4: [{ ...LAN, "ddns-generated-prefix": "sub", "ddns-replace-client-name": "when-not-present" }],
    },
  ],
};

export const nameScenes4: Scene4[] = [
  scene("names, flags", flags),
  scene("names, overridden", flags, { "ddns-override-no-update": true, "ddns-override-client-update": true }),
  scene("names, none sent", flags, { "ddns-send-updates": false }),
  scene("names", names),
  scene("names, no suffix", names, { "ddns-qualifying-suffix": "" }),
  scene("names, suffix with a dot", few, { "ddns-qualifying-suffix": "example.org." }),
  scene("names, unclean", unclean),
  scene("names, unclean, replaced", unclean, { "hostname-char-replacement": "x" }),
  scene("names, other characters", unclean, { "hostname-char-set": "[[:punct:]]|h", "hostname-char-replacement": "-" }),
  scene("names, any character", unclean, { "hostname-char-set": "" }),
  scene("names, reserved", reservations, {}, { reservations: reserved }),
  ...(["always", "when-present", "when-not-present"] as const).map((mode) =>
    scene(`names, replaced ${mode}`, replacing, { "ddns-replace-client-name": mode, "ddns-generated-prefix": "dyn" }),
  ),
  scene("names, life", [...lives, ...moves]),
  scene("names, life, updated on renewal", lives, { "ddns-update-on-renew": true }),
  scene("names, ttl share", few, { "ddns-ttl-percent": 0.75 }),
  scene("names, short leases", few, { "valid-lifetime": 1200 }),
  scene("names, old key for conflicts", few, { "ddns-use-conflict-resolution": false }),
  ...(["no-check-with-dhcid", "check-exists-with-dhcid", "no-check-without-dhcid"] as const).map((mode) =>
    scene(`names, ${mode}`, few, { "ddns-conflict-resolution-mode": mode }),
  ),
  scene("names, inherited", replacing, inherited),
];
