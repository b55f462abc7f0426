/** Names in the DNS: what answers say in option 39 (RFC 4704), and what the DNS updater is asked for. */
import { hex, text } from "@kotare/testkit/payloads";
import type { Option } from "../../wire/message4.ts";
import { tells } from "../scene.ts";
import { type Client, client, decline, home, na, pd, rebind, release, renew, request, solicit } from "./client.ts";
import { LAN } from "./lan.ts";
import { bind, binds } from "./play.ts";
import type { Exchange6, Scene6 } from "./stage.ts";

const NAMED = {
  "dhcp-ddns": { "enable-updates": true },
  "ddns-qualifying-suffix": "example.org",
  "valid-lifetime": 7200,
};

const S = 1;
const O = 2;
const N = 4;
const FLAGS = [0, S, O, S | O, N, N | O];

const ORO = [23, 39];

/** A name that ends in a dot is fully qualified. */
export function fqdn(flags: number, name: string): Option {
  const labels = name === "" ? [] : name.replace(/^\.$/, "").split(".");
  return [
    39,
    Uint8Array.of(flags, ...labels.flatMap((label) => (label === "" ? [0] : [label.length, ...text(label)]))),
  ];
}

/** Each binds a client of its own, numbered from `first`. */
function bindEach(first: number, table: readonly (readonly [string, ...Option[]])[]): Exchange6[] {
  return table.map(([title, ...options], i) =>
    binds(title, client(first + i), [na(1, home(first + i))], { oro: ORO, options }),
  );
}

const flags: Exchange6[] = [
  ...bindEach(
    1,
    FLAGS.map((bits) => [`flags ${bits}, full name`, fqdn(bits, `f${bits}.example.com.`)] as const),
  ),
  ...bindEach(
    21,
    FLAGS.map((bits) => [`flags ${bits}, partial name`, fqdn(bits, `p${bits}`)] as const),
  ),
  ...bindEach(
    41,
    FLAGS.map((bits) => [`flags ${bits}, no name`, fqdn(bits, "")] as const),
  ),
  binds("flags 1, option not asked for", client(61), [na(1, home(61))], { oro: [23], options: [fqdn(S, "h61")] }),
];

const names: Exchange6[] = bindEach(1, [
  ["no option"],
  ["one label, complete", fqdn(S, "single.")],
  ["two labels, partial", fqdn(S, "two.labels")],
  ["the suffix already, partial", fqdn(S, "eight.example.org")],
  ["ends like the suffix", fqdn(S, "nineexample.org")],
  ["capitals", fqdn(S, "ELEVEN.Example.Com.")],
  ["the root", fqdn(S, ".")],
  ["a label of 63 characters", fqdn(S, "x".repeat(63))],
]);

/** Which Kea does not answer: there is no name to be had. */
function solicitEach(first: number, table: readonly (readonly [string, ...Option[]])[]): Exchange6[] {
  return table.map(([title, ...options], i) =>
    tells(title, solicit(client(first + i), [na(1, home(first + i))], { oro: ORO, options })),
  );
}

const tooLong = solicitEach(21, [
  ["longer than any name with the suffix", fqdn(S, Array.from({ length: 4 }, () => "y".repeat(60)).join("."))],
]);

const unclean: Exchange6[] = bindEach(1, [
  ["an underscore", fqdn(S, "my_host.example.net.")],
  ["a dot in a label", [39, hex("01 03612e62 03636f6d 00")]],
  ["a byte above 127", [39, hex("01 0361e962 03636f6d 00")]],
  ["a hyphen first", fqdn(S, "-abc")],
]);

/** What becomes of them is nothing, unless each has a replacement. */
const unusable = [
  ["none but such characters", fqdn(S, "___")],
  ["a label of none but such characters", fqdn(S, "a.__.b.")],
] as const;

const reserved = [
  { duid: Buffer.from(client(1).duid).toString("hex"), hostname: "Printer" },
  { duid: Buffer.from(client(2).duid).toString("hex"), hostname: "printer.example.net" },
  { "hw-address": client(3).mac, hostname: "printer.example.org", "ip-addresses": [home(3)] },
  { duid: Buffer.from(client(4).duid).toString("hex"), hostname: "Printer4" },
];

const reservations: Exchange6[] = bindEach(1, [
  ["reserved name, option with S", fqdn(S, "other.example.com.")],
  ["reserved name with a domain, option without S", fqdn(0, "other.example.com.")],
  ["reserved name and address, option without name", fqdn(S, "")],
  ["reserved name, no option"],
]);

/** What becomes of a name during its lease's life. */
const lives: Exchange6[] = [
  { title: "renews", message: renew },
  { title: "rebinds", message: rebind },
].flatMap(({ title, message }, i) => {
  const who = client(11 + i);
  const ia = na(1, home(11 + i));
  const named = (label: string, bits = S) => ({ oro: ORO, options: [fqdn(bits, `${label}${i}.example.com.`)] });
  const asks = (what: string, extra: object): Exchange6 => ({
    title: `${title}: ${what}`,
    play: async (script) => void (await script.ask("it", message(who, [ia], extra))),
  });
  return [
    binds(`${title}: bound`, who, [ia], named("a")),
    asks("as before", named("a")),
    asks("another name", named("b")),
    asks("no name any more", { oro: ORO }),
    asks("a name again", named("a")),
    asks("does it itself now", named("a", 0)),
    asks("wants none", named("a", N)),
    asks("the server again", named("a")),
    { title: `${title}: releases`, play: (script) => script.tell("it", release(who, [ia])) },
    binds(`${title}: bound again`, who, [ia], named("a")),
    { title: `${title}: declines`, play: (script) => script.tell("it", decline(who, [ia])) },
  ] satisfies Exchange6[];
});

const several: Exchange6[] = [
  binds("one name, two associations", client(21), [na(1, home(21)), na(2, home(22))], {
    oro: ORO,
    options: [fqdn(S, "two.example.com.")],
  }),
  binds("a prefix has no name", client(23), [pd(1)], { oro: ORO, options: [fqdn(S, "prefix.example.com.")] }),
  binds("an address and a prefix, name of the address", client(24), [pd(1), na(1, home(24))], {
    oro: ORO,
    options: [fqdn(S, "")],
  }),
  {
    title: "a SOLICIT asks for nothing",
    play: async (script) =>
      void (await script.ask("it", solicit(client(25), [na(1)], { oro: ORO, options: [fqdn(S, "no.example.com.")] }))),
  },
  {
    title: "two clients with one name",
    async play(script) {
      for (const number of [26, 27]) {
        await bind(script, client(number), [na(1, home(number))], {
          oro: ORO,
          options: [fqdn(S, "same.example.com.")],
        });
      }
    },
  },
  {
    title: "an address goes to another client with another name",
    async play(script) {
      const [first, second]: readonly Client[] = [client(28), client(29)];
      await bind(script, first!, [na(1, home(28))], { oro: ORO, options: [fqdn(S, "first.example.com.")] });
      await script.pause(0.2); // a name that goes at once is not even added
      await script.tell("releases", release(first!, [na(1, home(28))]));
      await script.pause(1.1); // Kea gives a released address to others only in the next second
      await bind(script, second!, [na(1, home(28))], { oro: ORO, options: [fqdn(S, "second.example.com.")] });
    },
  },
  {
    title: "one of two addresses is released",
    play: (script) => script.tell("it", release(client(21), [na(2, home(22))])),
  },
  {
    title: "another name for a REQUEST of the same address",
    play: async (script) =>
      void (await script.ask(
        "it",
        request(client(26), [na(1, home(26))], { oro: ORO, options: [fqdn(S, "other.example.com.")] }),
      )),
  },
];

const replacing = bindEach(1, [
  ["full name", fqdn(S, "two.example.com.")],
  ["full name without S", fqdn(0, "three.example.com.")],
  ["no option"],
  ["no name", fqdn(S, "")],
  ["partial name", fqdn(S, "five")],
]);

const nameless = [binds("no option, none asked for", client(6), [na(1, home(6))], { oro: [23] })];

/** What becomes of the client that was bound without a name. */
const renamed: Exchange6[] = (
  [
    ["renews without a name", renew],
    ["renews with one", renew, fqdn(S, "late.example.com.")],
    ["rebinds without", rebind],
    ["gives back", release],
  ] as const
).map(([title, message, ...options]) => ({
  title: `no option: ${title}`,
  play: async (script) => void (await script.ask("it", message(client(3), [na(1, home(3))], { oro: ORO, options }))),
}));

const few = bindEach(1, [
  ["S", fqdn(S, "two.example.com.")],
  ["nothing", fqdn(0, "three.example.com.")],
  ["N", fqdn(N, "four.example.com.")],
]);

/** What the subnet says counts before what its network says, and that before the global scope. */
const inherited = {
  subnet6: [],
  "shared-networks": [
    {
      name: "net",
      interface: "eth0",
      "ddns-qualifying-suffix": "network.example",
      "ddns-generated-prefix": "net",
      "ddns-conflict-resolution-mode": "no-check-without-dhcid",
      subnet6: [{ ...LAN, "ddns-generated-prefix": "sub", "ddns-replace-client-name": "when-not-present" }],
    },
  ],
};

function scene(title: string, exchanges: readonly Exchange6[], keys: object = {}, subnet: object = {}): Scene6 {
  return { title, config: { ...NAMED, subnet6: [{ ...LAN, ...subnet }], ...keys }, exchanges };
}

export const nameScenes6: Scene6[] = [
  scene("names, flags", flags),
  scene("names, overridden", flags, { "ddns-override-no-update": true, "ddns-override-client-update": true }),
  scene("names, none sent", flags, { "ddns-send-updates": false }),
  scene("names", [...names, ...tooLong]),
  scene("names, no suffix", names, { "ddns-qualifying-suffix": "" }),
  scene("names, suffix with a dot", few, { "ddns-qualifying-suffix": "example.org." }),
  scene("names, unclean", [...unclean, ...solicitEach(11, unusable)]),
  scene("names, unclean, replaced", [...unclean, ...bindEach(11, unusable)], { "hostname-char-replacement": "x" }),
  scene("names, any character", [...unclean, ...bindEach(11, unusable)], { "hostname-char-set": "" }),
  scene("names, reserved", reservations, {}, { reservations: reserved }),
  ...(["always", "when-present", "when-not-present"] as const).map((mode) =>
    scene(`names, replaced ${mode}`, [...replacing, ...nameless, ...renamed], {
      "ddns-replace-client-name": mode,
      "ddns-generated-prefix": "dyn",
    }),
  ),
  scene(
    "names, reserved and replaced",
    reservations,
    { "ddns-replace-client-name": "always" },
    { reservations: reserved },
  ),
  scene("names, life", lives),
  scene("names, several", several),
  scene("names, life, updated on renewal", lives, { "ddns-update-on-renew": true }),
  scene("names, ttl share", few, { "ddns-ttl-percent": 0.75 }),
  scene("names, short leases", few, { "valid-lifetime": 1200 }),
  ...(["no-check-with-dhcid", "check-exists-with-dhcid", "no-check-without-dhcid"] as const).map((mode) =>
    scene(`names, ${mode}`, few, { "ddns-conflict-resolution-mode": mode }),
  ),
  scene("names, inherited", replacing, inherited),
];
