/** Kea's `ddns_tuning`: names by expression, in answers, leases and requests to the DNS updater. */
import { text } from "@kotare/testkit/payloads";
import type { Option } from "../../wire/message4.ts";
import { client, home, na, pd } from "./client.ts";
import { LAN } from "./lan.ts";
import { fqdn } from "./names.ts";
import { bind, binds } from "./play.ts";
import type { Exchange6, Scene6 } from "./stage.ts";

const S = 1;
const N = 4;
const ORO = [23, 39];

/** The name that the expression comes to is what option 15 says behind two bytes. */
const wanted = (name: string): Option => [15, Buffer.concat([Uint8Array.of(0, name.length), text(name)])];
const SKIP: Option = [16, Buffer.from("000000010001ff", "hex")];
const LIBRARY = {
  library: "libdhcp_ddns_tuning.so",
  parameters: { "hostname-expr": "substring(option[15].hex, 2, all)" },
};

/** Each step binds a client of its own, numbered from `first`: what the DNS updater is asked for is collected once. */
function bindsAll(title: string, first: number, table: readonly (readonly [string, ...Option[]])[]): Exchange6 {
  return {
    title,
    async play(script) {
      for (const [i, [step, ...options]] of table.entries()) {
        await bind(script, client(first + i), [na(1, home(first + i))], { oro: ORO, options }, step);
      }
    },
  };
}

export const ddnsTuningScenes6: readonly Scene6[] = [
  {
    title: "ddns_tuning",
    config: {
      "dhcp-ddns": { "enable-updates": true },
      "ddns-qualifying-suffix": "example.org",
      "valid-lifetime": 7200,
      "client-classes": [{ name: "SKIP_DDNS", test: "option[16].exists" }],
      "host-reservation-identifiers": ["duid"],
      subnet6: [
        {
          ...LAN,
          reservations: [
            { duid: Buffer.from(client(40).duid).toString("hex"), hostname: "reserved" },
            {
              duid: Buffer.from(client(41).duid).toString("hex"),
              hostname: "reserved",
              "client-classes": ["SKIP_DDNS"],
            },
          ],
        },
      ],
      "hooks-libraries": [LIBRARY],
    },
    exchanges: [
      bindsAll("names", 1, [
        ["an expression, no name of its own", wanted("made")],
        ["an expression and a name", wanted("made2"), fqdn(S, "own2.example.com.")],
        ["an expression and a name that wants no updates", wanted("made3"), fqdn(N, "own3.example.com.")],
        ["an expression and a partial name", wanted("made4"), fqdn(0, "own4")],
        ["an expression that comes to nothing", fqdn(S, "own5")],
        ["the name that it has", wanted("own6"), fqdn(S, "own6")],
        ["what no host name has", wanted("ma_de!x"), fqdn(S, "own8")],
        ["a complete name", wanted("made.example.net."), fqdn(S, "own9")],
        ["several labels", wanted("a.b"), fqdn(S, "own10")],
        ["an empty label", wanted("a..b"), fqdn(S, "own11")],
        ["too long a label", wanted("x".repeat(64)), fqdn(S, "own12")],
      ]),
      bindsAll("reserved, and kept out of the DNS", 40, [
        ["reserved", wanted("made"), fqdn(S, "own")],
        ["reserved, kept out of the DNS", fqdn(S, "own")],
        ["kept out of the DNS", fqdn(S, "own42"), SKIP],
      ]),
      binds("an address and a prefix", client(50), [na(1, home(50)), pd(2)], {
        oro: ORO,
        options: [wanted("both"), fqdn(S, "own50")],
      }),
    ],
  },
];
